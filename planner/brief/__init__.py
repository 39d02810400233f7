"""The brief: four pages for a meeting that has five minutes to decide, from one or several plans.

From plans to paper: ``words.py`` and ``phrases.py`` hold the words; ``option.py`` has the figures of a plan beside
those of today; ``rules.py`` and ``risks.py`` put settings and doubts in plain words; ``drawing.py`` is a model of
primitives that ``charts.py`` and ``citymap.py`` draw with; ``question.py``, ``choices.py``, ``recommended.py`` and
``outlook.py`` say the four pages in the blocks of ``pages.py``, ``content.py`` puts them together; ``svg.py`` and
``html.py``, ``drawingml.py`` and ``docx.py``, ``chromium.py`` and ``pdf.py`` write them. ``report.py`` is the way in.
"""
