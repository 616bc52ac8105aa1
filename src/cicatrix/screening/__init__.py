"""Is it safe for this person: answers, rules, and a verdict with its reasons."""
