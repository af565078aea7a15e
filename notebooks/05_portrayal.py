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
# # How is it told: who speaks, with which figures, in whose words?
#
# Outlets that agree on frames may still differ in whom they let speak, which figures they give, and what they took from
# others. All of this is read off the text by rules: nothing is trained, so it works before anything is coded.

# %%
import framing

study = framing.load_study()
data = framing.load_data(study)
told = framing.portray(study, data)

# %% [markdown]
# **Who speaks?** A source is named, anonymous, or there is none and the outlet speaks itself.

# %%
outlets = data.units[["doc_id", "unit", "outlet"]]
voices = told.tables["attributions"].merge(outlets, on=["doc_id", "unit"])
voices[voices["voice"] != "narrator"][["outlet", "voice", "source", "cue"]].head(8)

# %% [markdown]
# **Which figures?** The study file says what figures may be of; the table says who gives which, and who is silent.

# %%
claims = told.results["claims"].to_frame()
claims = claims[claims["status"].isin(["agreed", "disputed"])]
claims.groupby(["label", "status", "outlet"])["figure"].agg("; ".join).unstack("outlet").fillna("")

# %% [markdown]
# **Which words?** Those that an outlet uses more often than the others: log-odds with a prior, so that a word that stands
# there once does not lead the list.

# %%
keyness = told.results["keyness"].to_frame()
keyness[keyness["z"] > 0].groupby("outlet").head(3)[
    ["outlet", "word", "n", "n_others", "log_odds", "low", "high"]
].round(2)

# %% [markdown]
# **Whose text?** Passages that stand in another outlet's article, too.

# %%
told.results["reuse"].to_frame()[["outlet", "words", "shared", "share", "with_outlets"]].round(3)

# %% [markdown]
# How far can the rules be trusted? Against what was coded by reading:

# %%
for name, result in told.scores.items():
    print(
        name,
        result.to_frame()[["label", "precision", "recall", "f1", "coded"]].round(2).to_string(index=False),
        sep="\n",
    )

# %%
import matplotlib.pyplot as plt
import seaborn as sns

shares = voices.groupby("outlet")["voice"].value_counts(normalize=True).unstack(fill_value=0)
figure, axis = plt.subplots(figsize=(7, 2.6), layout="constrained")
shares[["narrator", "named", "anonymous"]].plot.barh(stacked=True, ax=axis, color=sns.color_palette("colorblind"))
axis.set(xlabel="share of units", ylabel="", xlim=(0, 1))
axis.legend(bbox_to_anchor=(1.02, 1), loc="upper left", frameon=False)
sns.despine(figure)
plt.show()

# %% [markdown]
# All outlets speak mostly in their own voice, and differ in how much they lean on sources without a name. **Caveat**:
# rules miss what is said in a way they do not know, and the words of the facts were listed with these articles in view.
# In your own study, read the rows of `portrayal_attributions.csv` and `portrayal_figures.csv` against the text.
