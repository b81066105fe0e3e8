package dev.tollgate.lease;

import dev.tollgate.config.Settings.OnLoss;

/** What calls under way are counted under, and what is done with them when the cluster cannot answer. */
public record SlotName(String name, OnLoss onLoss) {}
