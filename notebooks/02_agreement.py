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
# # Do coders read the same thing?
#
# A code is worth something if others, with the same codebook and nothing else, would have given it, too. How far do the
# coders of the default study agree, and on what do they not?

# %%
import framing

study = framing.load_study()
data = framing.load_data(study)
print(data.provenance.statement)

# %% [markdown]
# Percent agreement flatters what is rare: two coders who never give a frame agree perfectly. Krippendorff's alpha counts
# agreement beyond chance; its interval comes from drawing articles anew, because sentences of an article hang together.

# %%
agreement = framing.agreement(data.codings, data.codebook, rng=study.seed)
table = agreement.to_frame().set_index("variable")
pairs = data.codings.groupby(["doc_id", "unit"])
same = {frame: pairs[f"has_{frame}"].nunique().eq(1).mean() for frame in data.codebook.frame_ids}
table.assign(unanimous=same)[["alpha", "low", "high", "prevalence", "unanimous", "n_units"]].round(3)

# %% [markdown]
# What they do not agree on is worth more than the coefficient: these units show which rule of the codebook is unclear.

# %%
frame = table.loc[list(data.codebook.frame_ids), "alpha"].idxmin()
votes = pairs[f"has_{frame}"].mean().rename("share of coders").reset_index()
split = votes[votes["share of coders"].between(0, 1, inclusive="neither")]
print("Least agreed on:", frame)
split.merge(data.units[["doc_id", "unit", "text"]]).round(2)

# %% [markdown]
# Gold is what more than half of the coders gave; a tone is their median.

# %%
gold = framing.majority_gold(data.codings, data.codebook)
gold[[f"has_{frame}" for frame in data.codebook.frame_ids]].mean().round(3)

# %%
import matplotlib.pyplot as plt
import seaborn as sns

figure, axis = plt.subplots(figsize=(7, 3.2), layout="constrained")
axis.hlines(table.index, table["low"], table["high"], color=sns.color_palette("colorblind")[0])
axis.scatter(table["alpha"], table.index, color=sns.color_palette("colorblind")[0])
for mark in (0.667, 0.8):  # conventional marks of tentative and of good reliability
    axis.axvline(mark, color="grey", linewidth=0.8, linestyle="--")
axis.set(xlim=(0.6, 1.01), xlabel="Krippendorff's alpha, 95% interval")
axis.invert_yaxis()
sns.despine(figure)
plt.show()

# %% [markdown]
# Every variable lies above the conventional marks. **Caveat**: these coders are three readings by one language model.
# Agreement of a model with itself is an upper bound for what people would reach, and people were not asked. For your own
# study, have two or more people code the same units, and read their disagreements before the coefficient.
