package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.health.Health;
import dev.tollgate.route.Chooser;

/** Foresees what sending calls would be like, with what would send them and without sending anything. */
public final class Rehearsals {
    final Translator translator;
    final Chooser chooser;
    final Health health;
    final ProviderRequests requests;

    /** @param version the gateway's version, for the user agent */
    public Rehearsals(Translator translator, Chooser chooser, Health health, String version) {
        this.translator = translator;
        this.chooser = chooser;
        this.health = health;
        this.requests = new ProviderRequests(version);
    }

    /** What sending a call would be like, which is read, planned and within its limits. */
    public Rehearsal of(Call call) {
        return new Rehearsal(this, call);
    }
}
