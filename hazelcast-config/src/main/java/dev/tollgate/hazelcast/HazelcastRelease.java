package dev.tollgate.hazelcast;

import com.hazelcast.instance.BuildInfoProvider;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Hazelcast is on the class path. Before 5.7.0 whoever reaches a member's port can read its memory and run code. */
final class HazelcastRelease {
    static final long OLDEST = 50_700;
    private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+)(?:\\.([0-9]+))?.*");

    private HazelcastRelease() {}

    /** Refuses what is too old. */
    static void check() {
        check(BuildInfoProvider.getBuildInfo().getVersion());
    }

    static void check(String version) {
        if (number(version) < OLDEST) {
            throw new IllegalStateException("the cluster needs Hazelcast 5.7.0 or later, and " + version
                    + " is on the class path: before 5.7.0 whoever reaches the members' port can read their memory "
                    + "(CVE-2026-107726) and run code in them (CVE-2026-107725)");
        }
    }

    /** A version as a number: {@code 5.7.0} is 50700; 0 for what is none. */
    static long number(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return 0;
        }
        String patch = matcher.group(3) == null ? "0" : matcher.group(3);
        return Long.parseLong(matcher.group(1)) * 10_000
                + Long.parseLong(matcher.group(2)) * 100
                + Long.parseLong(patch);
    }
}
