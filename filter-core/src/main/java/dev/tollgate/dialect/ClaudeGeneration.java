package dev.tollgate.dialect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Claude model's generation, as far as its name tells (claude-opus-4-6, claude-3-7-sonnet-20250219, and the same with the
 * prefixes and dots of resellers); 0.0 for other models behind Anthropic's format. What a request may hold depends on it.
 */
public record ClaudeGeneration(int major, int minor) {
    private static final Pattern NAME = Pattern.compile("claude-(?:[a-z]+-)?(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)");

    public static ClaudeGeneration of(String model) {
        Matcher name = NAME.matcher(model);
        if (!name.find()) {
            return new ClaudeGeneration(0, 0);
        }
        int minor = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
        return new ClaudeGeneration(Integer.parseInt(name.group(1)), minor);
    }

    private boolean isFrom(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    /** Whether it can think at all; other models are taken to. */
    public boolean thinks() {
        return major == 0 || isFrom(3, 7);
    }

    /** Whether it decides itself how much to think, led by a word; those before it are given a number of tokens. */
    public boolean thinksAdaptively() {
        return isFrom(4, 6);
    }

    /** Whether it answers 400 to temperature, top_p and top_k. */
    public boolean refusesSampling() {
        return isFrom(4, 7);
    }

    /** Whether "xhigh" is a word for its effort. */
    public boolean knowsExtraHigh() {
        return isFrom(4, 7);
    }

    /** Whether its answers and calls can be held to a schema. */
    public boolean writesToSchema() {
        return isFrom(4, 5);
    }
}
