package dev.tollgate.choose;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A digest that grows with what is added to it, and from which nothing of that can be told. */
final class Digest {
    /** Of what is longer, only both ends and the length are looked at. */
    private static final int LONGEST = 1 << 16;

    private static final int END = 1 << 12;
    private static final int BYTES = 16;

    private final MessageDigest digest;
    private long characters;

    private Digest(MessageDigest digest) {
        this.digest = digest;
    }

    /** @param kind what is digested, so that different things have different digests */
    static Digest of(String kind) {
        try {
            return new Digest(MessageDigest.getInstance("SHA-256")).add(kind);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Adds a text; two texts are not the same as both in one. */
    Digest add(@Nullable String text) {
        if (text == null) {
            digest.update((byte) 0xff);
            return this;
        }
        digest.update((text.length() + ":").getBytes(UTF_8));
        digest.update(text.getBytes(UTF_8));
        characters += text.length();
        return this;
    }

    /** Adds something that may be very long and is hardly the same in the beginning and at its end but not between. */
    Digest addLong(String text) {
        if (text.length() <= LONGEST) {
            return add(text);
        }
        add(text.substring(0, END));
        add(text.substring(text.length() - END));
        return add(String.valueOf(text.length()));
    }

    /** How many characters were added. */
    long characters() {
        return characters;
    }

    /** What was added so far, in lower-case hex; more can be added afterwards. */
    String soFar() {
        try {
            byte[] bytes = ((MessageDigest) digest.clone()).digest();
            return HexFormat.of().formatHex(bytes, 0, BYTES);
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("Java's own SHA-256 can be cloned", e);
        }
    }
}
