package dev.tollgate.limit;

import dev.tollgate.access.Caller;

/** What a call wants of the limits: who calls, which model by the caller's name for it, and from where. */
public record Demand(Caller caller, String model, String remoteAddress) {}
