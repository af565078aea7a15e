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
# # Good news, and for whom?
#
# One sentence may be bad news for one party and good news for its rival. Tone of a unit and tone towards a party are
# therefore two questions. How well are they told by machine, and how do outlets differ on them?

# %%
import framing

study = framing.load_study()
data = framing.load_data(study)
names = [name for listed in study.parties.values() for name in listed]
lexicon = framing.LexiconSentiment(protected=names)
sentences = ["لم تنجح الصفقة رغم الآمال الكبيرة.", "خسرت سكيل عملاءها بينما ربحت ميتا فريقا لامعا."]
lexicon.score(sentences).round(2)

# %% [markdown]
# Which words gave that score? Negation and contrast are read, too.

# %%
lexicon.explain(sentences)[["text", "surface", "polarity", "modified_by", "contribution"]]

# %% [markdown]
# Towards a party, only the clauses that speak of it are read.

# %%
framing.towards(lexicon, sentences, study.parties)[["text", "party", "clause", "score"]].round(2)

# %% [markdown]
# On the coded units, from which the lexicon learned nothing: how often does it say what the coders said? The study's own
# scorer is the mean of the lexicon and of what is learned from gold; `framing.validate_study(study, data, ("tone",))`
# measures it, and its peers, on outlets left out.

# %%
import numpy as np
from sklearn.metrics import f1_score

coded = data.coded
polarities = lexicon.score(coded["text"])[["negative", "neutral", "positive"]]
said = polarities.to_numpy().argmax(axis=1) - 1
unit_f1 = f1_score(coded["tone"].astype(int), said, average="macro")

found = framing.towards(lexicon, coded["text"], study.parties)
gold = np.array([coded[f"tone_{p}"].iloc[t] for t, p in zip(found["text"], found["party"], strict=True)])
told, mentioned = found[["negative", "neutral", "positive"]].to_numpy().argmax(axis=1) - 1, ~np.isnan(gold)
party_f1 = f1_score(gold[mentioned].astype(int), told[mentioned], average="macro")
print(f"macro F1 of the lexicon: tone of units {unit_f1:.2f}, tone towards the parties that are named {party_f1:.2f}")

# %% [markdown]
# For the comparison of outlets the codes are used, not the machine. Each mean is over the units that have a value: for a
# party, those that mention it.

# %%
columns = {"tone": "tone"} | {f"tone_{party}": f"tone_{party}" for party in data.codebook.party_ids}
means = framing.means(data.coded, columns, bounds=(-1, 1))
print(*means.caveats)
means.to_frame()[["outlet", "variable", "mean", "low", "high", "n_units"]].round(2)

# %%
import matplotlib.pyplot as plt
import seaborn as sns

table = means.to_frame()
figure, axes = plt.subplots(1, len(columns), figsize=(9, 2.4), sharex=True, sharey=True, layout="constrained")
for axis, (variable, own), colour in zip(
    axes, table.groupby("variable", sort=False), sns.color_palette("colorblind"), strict=False
):
    axis.axvline(0, color="grey", linewidth=0.8)
    axis.hlines(own["outlet"], own["low"], own["high"], color=colour)
    axis.scatter(own["mean"], own["outlet"], color=colour)
    axis.set(title=variable, xlabel="mean, 95% interval")
sns.despine(figure)
plt.show()

# %% [markdown]
# The same text may be kind to one party and hard on the other: the tone of its units does not tell. **Caveat**: one
# article an outlet cannot tell the outlet from the article, so these means describe five texts; and a scorer with such an
# F1 errs too often for outlets to be compared by its labels alone.
