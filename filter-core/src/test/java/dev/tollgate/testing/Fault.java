package dev.tollgate.testing;

import dev.tollgate.ErrorCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A fault of a provider, and what becomes of a call that meets it. */
public final class Fault {
    private final String group;
    private final String name;
    private Where where = Where.SCRIPTED;
    private @Nullable Function<Misanswers, List<WireScript>> streams;
    private @Nullable Function<Misanswers, List<WireScript>> wholes;
    private Set<Talk> talks = EnumSet.allOf(Talk.class);
    private Then then = Then.REFUSED;
    private Set<ErrorCode> codes = Set.of();
    private int status;
    private boolean another;
    private int fewest = 1;
    private int most = 1;
    private Cost cost = Cost.NOTHING;
    private String timeouts = "";
    private boolean heavy;
    private int longestWaitSeconds = -1;

    private Fault(String group, String name) {
        this.group = group;
        this.name = name;
    }

    /** How the provider is there. */
    public enum Where {
        /** It does as its scripts say. */
        SCRIPTED,
        /** Nobody listens. */
        NOBODY,
        /** Connections are reset at once. */
        DEAF,
        /** Connections are never accepted. */
        BLACKHOLE,
        /** Its name has no address. */
        NAMELESS,
        /** It is to speak TLS, and does not. */
        NOT_TLS
    }

    /** What the caller gets where no other target can answer. */
    public enum Then {
        /** The answer. */
        ANSWERED,
        /** An error in the place of an answer. */
        REFUSED,
        /** An error in the middle of its stream. */
        CUT,
        /** The one or the other, by when the fault is seen. */
        REFUSED_OR_CUT
    }

    /** What an attempt that meets the fault is charged. */
    public enum Cost {
        NOTHING,
        /** What the gateway counted, flagged so. */
        ESTIMATED,
        /** What the provider said. */
        REPORTED,
        /** Nothing or an estimate, by how far the provider came. */
        NOTHING_OR_ESTIMATED
    }

    /** @param group what kind of fault it is */
    public static Fault of(String group, String name) {
        return new Fault(group, name);
    }

    // --- what it is

    Fault at(Where place) {
        where = place;
        streams = told -> List.of();
        wholes = told -> List.of();
        return this;
    }

    /** Calls of streams meet it: requests play the scripts in turn, and all further ones the last. */
    Fault streams(Function<Misanswers, List<WireScript>> scripts) {
        streams = scripts;
        return this;
    }

    /** Calls of whole answers meet it. */
    Fault wholes(Function<Misanswers, List<WireScript>> scripts) {
        wholes = scripts;
        return this;
    }

    Fault both(Function<Misanswers, List<WireScript>> scripts) {
        return streams(scripts).wholes(scripts);
    }

    /** Only providers of these dialects can have it. */
    Fault only(Talk... those) {
        talks = EnumSet.copyOf(Arrays.asList(those));
        return this;
    }

    /** It takes long or is large, so that not all is tried with it. */
    Fault heavy() {
        heavy = true;
        return this;
    }

    Fault timeouts(String yaml) {
        timeouts = yaml;
        return this;
    }

    // --- what becomes of the call

    Fault answered() {
        then = Then.ANSWERED;
        return this;
    }

    Fault refused(ErrorCode... possible) {
        return ends(Then.REFUSED, possible);
    }

    Fault cut(ErrorCode... possible) {
        return ends(Then.CUT, possible);
    }

    Fault refusedOrCut(ErrorCode... possible) {
        return ends(Then.REFUSED_OR_CUT, possible);
    }

    private Fault ends(Then how, ErrorCode... possible) {
        then = how;
        codes = EnumSet.copyOf(Arrays.asList(possible));
        return this;
    }

    /** The caller's status where it is not the code's. */
    Fault status(int told) {
        status = told;
        return this;
    }

    /** Another target is asked. */
    Fault another() {
        another = true;
        return this;
    }

    /** So many attempts are made where there is one target only. */
    Fault attempts(int least, int greatest) {
        fewest = least;
        most = greatest;
        return this;
    }

    Fault costs(Cost what) {
        cost = what;
        return this;
    }

    /** The caller is told to wait, at most so long. */
    Fault waits(int seconds) {
        longestWaitSeconds = seconds;
        return this;
    }

    // --- what others ask

    public String group() {
        return group;
    }

    public String name() {
        return name;
    }

    public Where where() {
        return where;
    }

    /** The scripts of a provider. */
    public List<WireScript> scripts(Misanswers told, boolean stream) {
        return Objects.requireNonNull(stream ? streams : wholes).apply(told);
    }

    /** Whether calls of a provider of a dialect can meet it. */
    public boolean isOf(Talk talk, boolean stream) {
        return isOf(stream) && talks.contains(talk);
    }

    public boolean isOf(boolean stream) {
        return (stream ? streams : wholes) != null;
    }

    public Then then() {
        return then;
    }

    public Set<ErrorCode> codes() {
        return codes;
    }

    /** What callers of a dialect may be told of a refusal as its status: the provider's own, or the code's. */
    public Set<Integer> statuses(Talk caller, ErrorCode code) {
        int told = status == 0 ? code.status() : status;
        if (code == ErrorCode.PROVIDER_OVERLOADED) {
            return caller == Talk.ANTHROPIC ? Set.of(529) : new HashSet<>(List.of(503, told));
        }
        return Set.of(told);
    }

    public boolean leadsToAnother() {
        return another;
    }

    public int fewestAttempts() {
        return fewest;
    }

    public int mostAttempts() {
        return most;
    }

    public Cost cost() {
        return cost;
    }

    /** Deadlines of the model, as its section in the configuration has them. */
    public String timeouts() {
        return timeouts;
    }

    public boolean isHeavy() {
        return heavy;
    }

    /** Whether its provider is let be for a minute or so. */
    public boolean isLasting() {
        return codes.contains(ErrorCode.PROVIDER_AUTH_FAILED) || longestWaitSeconds > 0;
    }

    /** The longest wait that the caller may be told; negative where that says nothing. */
    public int longestWaitSeconds() {
        return longestWaitSeconds;
    }

    @Override
    public String toString() {
        return group + ": " + name;
    }
}
