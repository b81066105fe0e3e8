package dev.tollgate.provider;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A way to authenticate that is more than a key.
 *
 * @param kind whose
 * @param scope what the calls are for: the service's name in AWS signatures, the scope of Google's and Entra ID's tokens
 */
public record Identity(Kind kind, String scope) {

    /** Whose identities they are. */
    public enum Kind {
        AWS,
        GOOGLE,
        ENTRA;

        static Optional<Kind> of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst();
        }
    }
}
