package dev.tollgate.access;

import dev.tollgate.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The text of a key, as callers show it: 20 to 200 letters, digits, {@code _} and {@code -}. It prints as asterisks. */
public record KeyText(Secret secret) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{20,200}");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Letters and digits of a new key: 32 of 62 kinds make 190 bits. */
    private static final int LENGTH = 32;

    /** Takes a text that may be a key; empty when no key is written like that. */
    public static Optional<KeyText> of(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new KeyText(new Secret(text))) : Optional.empty();
    }

    /**
     * A new key that nobody can guess.
     *
     * @param random a source fit for secrets, such as {@link java.security.SecureRandom}
     */
    public static KeyText generate(RandomGenerator random) {
        StringBuilder text = new StringBuilder("tg-");
        for (int i = 0; i < LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new KeyText(new Secret(text.toString()));
    }

    /** The text itself, for the one place that shows it. */
    public String reveal() {
        return secret.reveal();
    }

    /** The SHA-256 of the text in lower-case hex, which is all that the configuration holds of it. */
    public String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(reveal().getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
