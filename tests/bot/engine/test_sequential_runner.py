from rasa.engine.graph import GraphSchema, SchemaNode

from bot.engine.sequential_runner import ordered


def node(**needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=object, constructor_name="create", fn="run", config={})


def test_every_node_comes_after_its_needs() -> None:
    schema = GraphSchema({"c": node(x="b", y="a"), "b": node(x="a"), "a": node(x="input"), "d": node(x="c")})
    names = [name for name, _ in ordered(schema)]
    assert names == ["a", "b", "c", "d"]
    assert dict(ordered(schema))["c"] == ("b", "a")
