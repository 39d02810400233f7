"""What the command line prints, in Vietnamese or English: one module a verb, on what they share.

- `words` holds every phrase, `phrases` those that several verbs print, `columns` aligns rows;
- `summary` is for `solve`, `comparison` and `actions` for `compare`, `explanation` for `explain`; `sweep`,
  `frontier` and `alternatives` for the verbs of their names;
- `network` has the lines on reception points in the first three.

The texts of `reception` and `boundaries` stand beside what they tell of: `planner.reception.text`,
`planner.location.text`, `planner.boundaries.text`.
"""
