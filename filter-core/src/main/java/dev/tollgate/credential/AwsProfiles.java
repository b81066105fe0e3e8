package dev.tollgate.credential;

import java.util.HashMap;
import java.util.Map;

/** The profiles in AWS's two files, of which that of credentials has precedence. */
final class AwsProfiles {
    private static final String PREFIX = "profile ";

    private final Map<String, Map<String, String>> profiles = new HashMap<>();

    private AwsProfiles() {}

    static AwsProfiles of(String credentials, String config) {
        AwsProfiles all = new AwsProfiles();
        all.add(config);
        all.add(credentials);
        return all;
    }

    /** Lines that are indented belong to a setting with settings of its own, of which we need none. */
    private void add(String text) {
        Map<String, String> profile = new HashMap<>();
        for (String line : text.lines().toList()) {
            String said = line.strip();
            int equals = said.indexOf('=');
            if (said.startsWith("[") && said.indexOf(']') > 0) {
                profile = profiles.computeIfAbsent(name(said), name -> new HashMap<>());
            } else if (equals > 0
                    && !Character.isWhitespace(line.charAt(0))
                    && !said.startsWith("#")
                    && !said.startsWith(";")) {
                profile.put(
                        said.substring(0, equals).strip(),
                        said.substring(equals + 1).strip());
            }
        }
    }

    private static String name(String heading) {
        String name = heading.substring(1, heading.indexOf(']')).strip();
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()).strip() : name;
    }

    boolean has(String name) {
        return profiles.containsKey(name);
    }

    Map<String, String> find(String name) {
        return profiles.getOrDefault(name, Map.of());
    }
}
