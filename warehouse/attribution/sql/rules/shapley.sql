-- The same to every distinct channel, at its first touch: the Shapley value of a game in
-- which the channels of a path only win together (Zhao et al. 2018, "Shapley value methods
-- for attribution modeling in online advertising").
case when position = first_of_channel then 1.0 / channels_of_path else 0.0 end
