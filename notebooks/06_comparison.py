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
# # Do two outlets differ, and how much must be coded to know?
#
# Three ways lead to a share per outlet: count the coded units, count the machine's labels, or use both. Which of them may
# be believed? Where the truth is known, because the corpus is simulated, it can be seen.

# %%
import framing
from framing.simulate import Scenario, simulate, units

study = framing.load_study()
data = framing.load_data(study)
frames = {frame: f"has_{frame}" for frame in data.codebook.frame_ids}
contrasts = framing.contrasts(data.coded, frames, rng=study.seed, equivalence=study.equivalence)
shown = ["outlet_a", "outlet_b", "variable", "difference", "low", "high", "p_holm", "finding"]
print(*contrasts.caveats)
contrasts.to_frame().sort_values("p_holm")[shown].head(4).round(3)

# %% [markdown]
# **Planning.** Sentences of an article resemble each other (intraclass correlation), so articles count, not sentences.
# For a frame in a fifth of the units: how many articles per outlet for an interval of ±5 points, or to find a difference
# of 10 points with a chance of .8?

# %%
import pandas as pd

rates = pd.DataFrame({"prevalence": 0.2, "icc": [0.05, 0.1, 0.2], "units_per_article": 20.0})
plan = framing.plan(rates, interval=0.05, difference=0.10)
plan.to_frame()[["icc", "design_effect", "articles_for_interval", "articles_for_power"]].round(2)

# %% [markdown]
# **A corpus whose truth is known.** Two outlets with the same prevalence, 120 articles each, 20 of them coded. The
# machine finds a fifth too few units with the frame in one outlet and a tenth too many in the other.

# %%
scenario = Scenario(prevalence=(0.3, 0.3), articles=120, coded=20, f1=0.7, lean=(0.8, 1.1))
corpora = simulate(scenario, 50, rng=study.seed)
one, gold, machine, design = units(corpora), {"frame": "gold"}, {"frame": "predicted"}, framing.Design()
framing.corrected(one, gold, machine, design=design).to_frame()[["outlet", "estimator", "value", "low", "high"]].round(
    3
)

# %% [markdown]
# And over fifty such corpora: how often does each way find a difference that is not there?

# %%
runs = [
    framing.corrected_differences(units(corpora, number), gold, machine, design=design).to_frame().assign(corpus=number)
    for number in range(50)
]
differences = pd.concat(runs)
differences.assign(found=differences["p"] < 0.05, width=differences["high"] - differences["low"]).groupby("estimator")[
    ["found", "width", "difference"]
].mean().round(3)

# %%
import matplotlib.pyplot as plt
import seaborn as sns

kinds = list(differences["estimator"].unique())
figure, axes = plt.subplots(1, len(kinds), figsize=(9, 3.2), sharex=True, sharey=True, layout="constrained")
for axis, kind, colour in zip(axes, kinds, sns.color_palette("colorblind"), strict=False):
    own = differences[differences["estimator"] == kind]
    axis.hlines(own["corpus"], own["low"], own["high"], color=colour, linewidth=1)
    axis.axvline(0, color="black", linewidth=0.8)
    axis.set(title=kind, xlabel="difference, 95% interval", ylabel="simulated corpus")
sns.despine(figure)
plt.show()

# %% [markdown]
# Machine labels alone (`naive`) find a difference between outlets that are alike, with short intervals around the wrong
# value; gold alone is right and wide; the corrected estimate is right and shorter. **Caveat**: it is right because the
# coded articles were drawn at random (`framing plan --draw`). And in the five seed articles no correction helps: with one
# article an outlet, the contrasts above describe these texts.
