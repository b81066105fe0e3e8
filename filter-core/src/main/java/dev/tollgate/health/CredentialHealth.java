package dev.tollgate.health;

import dev.tollgate.provider.Credential;
import dev.tollgate.provider.NamedCredential;

/** How a credential is doing at all targets of its provider. Another credential of the same name starts anew. */
final class CredentialHealth {
    private final Credential credential;
    private final CoolDown coolDown = new CoolDown();

    CredentialHealth(NamedCredential named) {
        this.credential = named.credential();
    }

    boolean isOf(NamedCredential named) {
        return credential == named.credential() || credential.equals(named.credential());
    }

    CoolDown coolDown() {
        return coolDown;
    }
}
