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
# # Can a machine tell frames in an outlet that it has never read?
#
# A classifier that is tested on sentences of the articles it learned from is flattered: it knows the event's names, and
# the outlet's phrases. What counts is an outlet that was left out.

# %%
from dataclasses import replace

import framing

study = replace(framing.load_study(), encoder="tfidf")
data = framing.load_data(study)
print(len(data.coded), "coded units;", len(data.exemplars), "constructed exemplars to learn from, never tested on")

# %% [markdown]
# Each outlet is predicted by models that learned from the others. `tfidf` counts words and letters, which takes seconds;
# leave out the `replace` above, and `embedding`, the study's own classifier on sentence vectors, stands beside it
# (minutes the first time, the report has it). `tfidf_gold` is the same without exemplars; `majority` and `always` know no
# text; `coders` is how well each coder meets the others.

# %%
validation = framing.validate_study(study, data, ("frames",))["frames"]
table = validation.to_frame()
order = [*data.codebook.frame_ids, "macro"]
table.pivot(index="label", columns="system", values="f1").loc[order].round(2)

# %% [markdown]
# F1 hides two kinds of error. Precision: of the units that were given a frame, how many have it? Recall: of those that
# have it, how many were found? A classifier that finds too much in one outlet and too little in another makes outlets
# differ that do not.

# %%
own = table[table["system"].eq("tfidf") & table["label"].isin(data.codebook.frame_ids)]
own[["label", "precision", "recall", "f1", "low", "high"]].round(2)

# %%
print(validation.method)
print(*validation.caveats)

# %%
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

figure, axis = plt.subplots(figsize=(7.5, 3.4), layout="constrained")
systems = ["coders", "tfidf", "tfidf_gold", "always"]
for place, (system, colour) in enumerate(zip(systems, sns.color_palette("colorblind"), strict=False)):
    rows = table[table["system"] == system].set_index("label").loc[order]
    height = np.arange(len(order)) + (place - 2) * 0.15
    axis.hlines(height, rows["low"], rows["high"], color=colour)
    axis.scatter(rows["f1"], height, color=colour, label=system)
axis.set_yticks(range(len(order)), order)
axis.set(xlabel="F1 on the outlet left out, 95% interval", xlim=(0, 1.02))
axis.legend(bbox_to_anchor=(1.02, 1), loc="upper left", frameon=False)
axis.invert_yaxis()
sns.despine(figure)
plt.show()

# %% [markdown]
# Better than chance, and far from the coders: without exemplars it learns next to nothing from so few units. Sentence
# vectors bring it nearer, not near. **Caveat**: with errors of this size the shares of its labels are no finding about
# outlets. They are corrected by coded units first (`06_comparison`), and with five articles the intervals are as wide as
# they look.
