package dev.tollgate.dialect;

import dev.tollgate.chat.Opaque;
import dev.tollgate.provider.Quirks;
import java.util.Set;

/**
 * Who makes the opaque state that a provider gives out. Most providers take back their own only. Claude's signatures are good
 * wherever Claude is served, be it in Anthropic's format or in Bedrock's.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">Extended thinking</a>
 */
final class Makers {
    private static final String CLAUDE = "anthropic";
    private static final Set<String> CLAUDES_FORMATS = Set.of("anthropic", "bedrock");

    private Makers() {}

    /** The maker behind a provider that is spoken to in a dialect. */
    static String of(String dialect, String family, Quirks quirks) {
        String maker = quirks.signsAs();
        return maker != null && CLAUDES_FORMATS.contains(dialect) ? maker : family;
    }

    /** Whether a value is one of Claude's, as far as it tells. */
    static boolean signsAsClaude(Opaque opaque) {
        return CLAUDES_FORMATS.contains(opaque.dialect());
    }

    /** Whether a maker that is spoken to in a dialect takes an opaque value for its own. */
    static boolean takes(Opaque opaque, String dialect, String maker) {
        String from = opaque.family();
        if (opaque.isFrom(dialect)) {
            return from.isEmpty() || from.equals(maker);
        }
        // A signature is the same text in both of its formats; what is redacted is not.
        return maker.equals(CLAUDE)
                && CLAUDES_FORMATS.contains(dialect)
                && CLAUDES_FORMATS.contains(opaque.dialect())
                && (from.isEmpty() || from.equals(CLAUDE))
                && opaque.value().isString();
    }
}
