package dev.tollgate.pin;

import dev.tollgate.access.Caller;

/**
 * Who made something, and where it is.
 *
 * @param provider the name of the provider that has it
 * @param model the provider's own name of the model that made it; empty where none did
 * @param owner whom it belongs to, as {@link #ownerOf} says
 */
public record Pin(String provider, String model, String owner) {

    /** Whom things belong to that a caller makes: its team, or else its key; all callers where access is open. */
    public static String ownerOf(Caller caller) {
        if (caller.team() != null) {
            return "team:" + caller.team();
        }
        return caller.key() != null ? "key:" + caller.key() : "open";
    }

    public boolean isOf(Caller caller) {
        return owner.equals(ownerOf(caller));
    }
}
