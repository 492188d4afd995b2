"""The Rasa project: configuration, domain, training data and its own components. Runs in an environment of its own."""
