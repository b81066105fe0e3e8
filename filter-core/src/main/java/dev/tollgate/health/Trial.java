package dev.tollgate.health;

import dev.tollgate.Header;
import java.util.List;

/** One attempt as the health of its target sees it. It is under way until it is ended, which counts once. */
public interface Trial {

    /** The head of the answer has come; it may say what is left of the provider's limits. */
    void heard(int status, List<Header> headers);

    /** The first content of the answer has come: the time to first token is known. */
    void firstContent();

    /** The attempt is over. What comes after the first time changes nothing. */
    void ended(Verdict verdict);
}
