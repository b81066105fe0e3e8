package dev.tollgate.ledger;

import dev.tollgate.config.Settings.Ledger.Unknown;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a node that begins anew finds of its life before.
 *
 * @param ends the ends of the attempts that were under way, whose outcome is not known
 * @param damages what is no row in the files that tell of them
 * @param nextNumber the number of the file to begin with
 */
record Recovery(List<Entry> ends, List<Damage> damages, long nextNumber) {

    /** Reads the newest file that is sound at its beginning, and those behind it; cuts off a row that was never finished. */
    static Recovery of(LedgerFolder folder, Unknown policy) throws IOException {
        List<LedgerFile> files = folder.files();
        List<LedgerFile> telling = new ArrayList<>();
        for (int i = files.size() - 1; i >= 0; i--) {
            telling.add(files.get(i));
            if (files.get(i).head().isPresent()) {
                break;
            }
        }
        Collections.reverse(telling);
        OpenAttempts open = new OpenAttempts(policy);
        List<Damage> damages = new ArrayList<>();
        for (LedgerFile file : telling) {
            long soundUpTo = file.read(open::follow, damages::add).soundUpTo();
            cutOff(file, soundUpTo, damages);
        }
        long next = files.isEmpty() ? 1 : files.get(files.size() - 1).number() + 1;
        return new Recovery(open.endAll(), List.copyOf(damages), next);
    }

    /** A file of which nothing is sound is left as it is, for people to look at. */
    private static void cutOff(LedgerFile file, long soundUpTo, List<Damage> damages) throws IOException {
        boolean torn = damages.stream()
                .anyMatch(damage -> damage.atEnd() && damage.file().equals(file.path()));
        if (torn && soundUpTo > 0 && Files.size(file.path()) > soundUpTo) {
            try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
                channel.truncate(soundUpTo);
                channel.force(true);
            }
        }
    }
}
