-- Halved by every 7 days of age.
decayed / decayed_of_path
