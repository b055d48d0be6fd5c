"""Everything of one machine as one command: who is started, what is watched, how it ends."""
