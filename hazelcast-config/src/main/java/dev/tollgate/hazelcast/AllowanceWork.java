package dev.tollgate.hazelcast;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is asked of an allowance, whichever way it is kept. */
abstract class AllowanceWork extends Work {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Question question;

    AllowanceWork() {}

    AllowanceWork(Question question) {
        this.question = question;
    }

    final Question asked() {
        Question asked = question;
        if (asked == null) {
            throw new IllegalStateException("nothing is asked");
        }
        return asked;
    }

    @Override
    final void write(DataOutputStream out) throws IOException {
        asked().write(out);
    }

    @Override
    final void read(DataInputStream in) throws IOException {
        question = Question.read(in);
    }
}
