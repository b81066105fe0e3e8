package dev.tollgate.choose;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * Orders targets for a key so that all nodes agree without telling each other, in proportion to the weights: each target draws
 * lots of its own for each key. So when one leaves, only its own keys go elsewhere, and they go everywhere.
 */
final class Rendezvous {
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    static List<Option> order(List<Option> options, String key) {
        return options.stream()
                .sorted(Comparator.comparingDouble((Option option) -> lot(option, key)))
                .toList();
    }

    /** The time until the first event at a rate of the weight: it comes first as often as its part of all weights. */
    private static double lot(Option option, String key) {
        int weight = option.candidate().weight();
        return weight <= 0 ? Double.MAX_VALUE : -Math.log(unit(option.label(), key)) / weight;
    }

    /** A number between 0 and 1, neither included, that depends on both and seems to depend on nothing. */
    static double unit(String label, String key) {
        long mixed = mix(hash(key) ^ mix(hash(label)));
        return ((mixed >>> 11) + 0.5) * 0x1.0p-53;
    }

    private static long hash(String text) {
        long hash = FNV_START;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** The last steps of MurmurHash3, after which each bit depends on all. */
    private static long mix(long bits) {
        long mixed = bits;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
