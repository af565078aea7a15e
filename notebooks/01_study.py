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
# # How do five articles frame the same deal?
#
# The whole way of the default study, with the public functions of `framing`: from the articles to a figure that compares
# them. Every step works the same on your own corpus: give `load_study` the path of your study file.

# %%
import framing

study = framing.load_study()
data = framing.load_data(study)
data.articles[["doc_id", "outlet", "published"]]

# %% [markdown]
# ## From articles to units
#
# An article is cut into headline, headings, sentences and boilerplate. Every unit keeps its exact offsets into the text.

# %%
units = framing.segment(data.articles)
units.groupby(["outlet", "unit_type"]).size().unstack(fill_value=0)

# %%
article = data.articles.iloc[2]
unit = units[units["doc_id"] == article["doc_id"]].iloc[1]
assert article["text"][unit["start"] : unit["end"]] == unit["text"]
print(unit["unit_type"], unit["start"], unit["end"], unit["text"], sep=" | ")

# %% [markdown]
# How well does it cut? Against the units that were coded, beside public splitters on the same texts:

# %%
framing.compare_splitters(data.articles, data.units).to_frame()[["splitter", "setting", "boundary_f1", "type_accuracy"]]

# %% [markdown]
# ## What coders said, and how far they agree
#
# Who the coders were belongs beside every number that rests on them.

# %%
print(data.provenance.statement)
agreement = framing.agreement(data.codings, data.codebook, rng=study.seed)
agreement.to_frame()[["variable", "alpha", "low", "high", "prevalence", "n_units"]].round(3)

# %%
print(agreement.method)
print(*agreement.caveats)

# %% [markdown]
# ## What a classifier learns, and whether it holds on an outlet it has never seen
#
# Each outlet is predicted by a model that learned from the four others. `coders` is what people, or here language
# models, reach with each other.

# %%
validation = framing.validate_study(study, data, ("frames",))["frames"]
f1 = validation.to_frame().pivot(index="label", columns="system", values="f1")
f1.loc[[*data.codebook.frame_ids, "macro"], ["majority", "tfidf", "embedding", "coders"]].round(2)

# %% [markdown]
# ## What the articles differ in
#
# Prevalence rests on gold, not on the classifier, whose errors an ordinary interval would not know.

# %%
frames = {frame: f"has_{frame}" for frame in data.codebook.frame_ids}
prevalence = framing.shares(data.coded, frames)
print(*prevalence.caveats)
contrasts = framing.contrasts(data.coded, frames, rng=study.seed)
shown = ["outlet_a", "outlet_b", "variable", "difference", "low", "high", "odds_ratio", "p_holm", "finding"]
contrasts.to_frame().sort_values("p_holm")[shown].head().round(3)

# %%
import matplotlib.pyplot as plt
import seaborn as sns

table = prevalence.to_frame()
outlets = sorted(table["outlet"].unique())
figure, axes = plt.subplots(1, len(frames), figsize=(11, 2.6), sharex=True, sharey=True, layout="constrained")
for axis, frame, colour in zip(axes, data.codebook.frames, sns.color_palette("colorblind"), strict=False):
    own = table[table["variable"] == frame.id].set_index("outlet").loc[outlets]
    axis.hlines(own.index, own["low"], own["high"], color=colour)
    axis.scatter(own["share"], own.index, color=colour)
    axis.set_title(f"{frame.label_en}\n\u200f{frame.label_ar}")
    axis.set_xlabel("share of coded units")
sns.despine(figure)
plt.show()
