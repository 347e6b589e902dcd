"""Risk maps (隐患风险图): the stretches of lines by what weighs on them, with the cases that do."""
