"""The assistant: pure domain logic inside, Rasa, storage and channels at the rim."""
