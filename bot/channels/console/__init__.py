"""The console of the team: pages at ``/equipe``."""
