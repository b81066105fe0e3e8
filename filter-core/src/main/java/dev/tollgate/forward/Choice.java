package dev.tollgate.forward;

import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;

/** A target, and how to ask it. */
record Choice(Candidate candidate, Way way) {}
