package dev.tollgate.dialect.gemini;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model's generation, as far as its name tells (gemini-2.5-flash, models/gemini-3-pro-preview); a name without one
 * (gemini-flash-latest) is taken for the newest, another family's (gemma-3) for the oldest.
 *
 * @param pro whether it is one of the large models, which think in any case
 * @param lite whether it is one of the smallest
 */
record Generation(int major, int minor, boolean pro, boolean lite) {
    private static final Pattern NAME = Pattern.compile("gemini-(\\d{1,2})(?:\\.(\\d{1,2}))?(?!\\d)");
    private static final int NEWEST = 99;

    static Generation of(String model) {
        boolean pro = model.contains("-pro");
        boolean lite = model.contains("-lite");
        Matcher name = NAME.matcher(model);
        if (name.find()) {
            int minor = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
            return new Generation(Integer.parseInt(name.group(1)), minor, pro, lite);
        }
        return new Generation(model.contains("gemma") ? 0 : NEWEST, 0, pro, lite);
    }

    private boolean isFrom(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    boolean thinks() {
        return isFrom(2, 5);
    }

    /** Whether it is told by a word how much to think; those before it are told a number of tokens. */
    boolean hasLevels() {
        return isFrom(3, 0);
    }

    /** Whether it knows the levels between the least and the most, or the least one. */
    boolean hasAllLevels() {
        return !pro || isFrom(3, 1);
    }

    /** Whether it refuses function calls without the signatures of what was thought before them. */
    boolean wantsSignatures() {
        return isFrom(3, 0);
    }

    /** Whether tools may answer with pictures. */
    boolean seesResults() {
        return isFrom(3, 0);
    }

    /** Whether it keeps to a schema while it may call tools. */
    boolean formatsAmongTools() {
        return isFrom(3, 0);
    }

    /** Whether it answers 400 to penalties on repetition. */
    boolean refusesPenalties() {
        return isFrom(2, 5);
    }

    /** The fewest tokens it may be told to think, where it thinks at all. */
    long leastBudget() {
        return lite ? 512 : pro ? 128 : 1;
    }

    /** The most tokens it may be told to think. */
    long mostBudget() {
        return pro ? 32_768 : 24_576;
    }
}
