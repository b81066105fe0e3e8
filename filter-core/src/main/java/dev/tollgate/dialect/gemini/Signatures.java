package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Opaque;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.WriteTerms;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The {@code thoughtSignature} of a part. Google's SDKs take it for bytes in base64, so another maker's sealed proof is
 * written so too.
 */
final class Signatures {
    static final String MEMBER = "thoughtSignature";

    /**
     * What Google documents for a function call that no Gemini made, which its third generation would otherwise refuse.
     *
     * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Thought signatures</a>
     */
    static final String NOT_NEEDED = "skip_thought_signature_validator";

    private Signatures() {}

    /** The proof of a part, whoever made it; null when it has none. */
    static @Nullable Opaque read(Fields part) {
        String signature = part.text(MEMBER);
        if (signature == null || signature.isEmpty()) {
            return null;
        }
        String at = part.path(MEMBER);
        return opened(signature, at).orElseGet(() -> new Opaque(Gemini.ID, at, StringNode.valueOf(signature)));
    }

    private static Optional<Opaque> opened(String signature, String at) {
        return isSealed(signature) ? Seal.open(unpacked(signature), at) : Optional.empty();
    }

    /** Whether a signature is another maker's. */
    static boolean isSealed(String signature) {
        return Seal.isClosed(unpacked(signature));
    }

    /** The text in the base64; SDKs write it back in either alphabet. */
    private static String unpacked(String signature) {
        try {
            byte[] text = Base64.getDecoder().decode(signature.replace('-', '+').replace('_', '/'));
            return new String(text, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Shows a proof to a caller, who keeps it and sends it back. */
    static void show(@Nullable Opaque proof, ObjectNode part, WriteTerms terms) {
        if (proof == null) {
            return;
        }
        if (proof.isFrom(Gemini.ID)) {
            part.set(MEMBER, proof.value());
        } else {
            String seal = Seal.close(proof, terms.providerFamily());
            part.put(MEMBER, Base64.getEncoder().encodeToString(seal.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /**
     * Gives a proof back to its maker, or notes that it is not given to another.
     *
     * @return whether it was given
     */
    static boolean giveBack(@Nullable Opaque proof, ObjectNode part, boolean own, WriteTerms terms) {
        if (proof == null) {
            return false;
        }
        boolean makers = own ? proof.isFrom(Gemini.ID) : terms.givesBack(proof, Gemini.ID);
        if (makers) {
            part.set(MEMBER, proof.value());
        } else if (own) {
            terms.dropped(proof);
        }
        return makers;
    }
}
