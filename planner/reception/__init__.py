"""The reception network of a scenario as a location problem of its own (docs/location.md, "For a scenario").

- `question` makes demand, candidates and distances of a scenario and an online share;
- `answer` locates and counts what people, counters and money make of it, beside today's network;
- `files` writes the folder, `text` the table for the terminal.
"""
