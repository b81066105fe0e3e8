package dev.tollgate.config;

import dev.tollgate.config.Settings.Overload;
import java.util.List;
import java.util.Set;

/** The settings that say when the gateway itself has too much to do. */
final class OverloadSettings {
    private static final Setting<Overload, Integer> HEAP = Setting.withDefault(
            "heap-percent",
            Scalars.percent(1, 100),
            Overload.DEFAULT.heapPercent(),
            Overload::heapPercent,
            "Of the heap that is in use after it was last cleaned, from which on calls are refused.");
    private static final Setting<Overload, Integer> DESCRIPTORS = Setting.withDefault(
            "descriptor-percent",
            Scalars.percent(1, 100),
            Overload.DEFAULT.descriptorPercent(),
            Overload::descriptorPercent,
            "Of the process's file descriptors in use, from which on calls are refused.");
    private static final Setting<Overload, Long> MAX_CALLS = Setting.withDefault(
            "max-calls",
            Scalars.count(0, 10_000_000),
            (long) Overload.DEFAULT.maxCalls(),
            overload -> (long) overload.maxCalls(),
            "The most calls under way on this node. `0` for no such limit.");
    private static final Setting<Overload, Boolean> ADAPTIVE = Setting.withDefault(
            "adaptive",
            Scalars.BOOLEAN,
            Overload.DEFAULT.adaptive(),
            Overload::adaptive,
            "Whether the calls under way at each target are limited to what it has been seen to bear.");

    static final Section<Overload> OVERLOAD = new Section<>(
            "When calls are refused because the gateway itself has too much to do. Those of priority `batch` are refused first.",
            List.of(HEAP, DESCRIPTORS, MAX_CALLS, ADAPTIVE),
            Set.of(),
            values -> new Overload(
                    values.get(HEAP),
                    values.get(DESCRIPTORS),
                    Math.toIntExact(values.get(MAX_CALLS)),
                    values.get(ADAPTIVE)));

    private OverloadSettings() {}
}
