package dev.tollgate.account;

import dev.tollgate.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt used.
 *
 * @param usage the tokens; null where there were none, or they are not what is counted
 * @param known whether that is all
 * @param estimated whether the gateway counted them, because the provider did not report them
 * @param characters how long the answer was where its tokens are those of its text alone, or 0
 */
public record Used(@Nullable Usage usage, boolean known, boolean estimated, long characters) {
    /** Nothing that anybody pays for. */
    public static final Used NOTHING = new Used(null, true, false, 0);

    /** Something that is not counted in tokens, or that nobody has said. */
    public static final Used UNKNOWN = new Used(null, false, false, 0);

    /** What a provider reported. */
    public static Used reported(Usage usage) {
        return reported(usage, 0);
    }

    /** What a provider reported, for an answer of so many characters. */
    public static Used reported(Usage usage, long characters) {
        return new Used(usage, true, false, characters);
    }

    /** What the gateway counted. */
    public static Used estimated(Usage usage) {
        return new Used(usage, true, true, 0);
    }
}
