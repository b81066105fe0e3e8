package dev.tollgate.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The servers whose unmodified distributions the gateway is tested in. Each is started on a port of its own choice. */
public enum Servers {
    TOMCAT_11("tollgate.dist.tomcat11", "Starting ProtocolHandler \\[\"http-nio-127\\.0\\.0\\.1-auto-\\d+-(\\d+)\"]") {
        @Override
        void prepare(Path base) throws IOException {
            copyFolder(home().resolve("conf"), base.resolve("conf"));
            for (String folder : List.of("logs", "temp", "work", "webapps")) {
                Files.createDirectories(base.resolve(folder));
            }
            Path file = base.resolve("conf/server.xml");
            String all = Files.readString(file);
            String changed = all.replace("<Server port=\"8005\"", "<Server port=\"-1\"")
                    .replace("<Connector port=\"8080\" ", "<Connector port=\"0\" address=\"127.0.0.1\" ");
            Files.writeString(file, changed);
        }

        @Override
        List<String> arguments(Path base) {
            Path bin = home().resolve("bin");
            return List.of(
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                    "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED",
                    "-Djava.util.logging.config.file=" + base.resolve("conf/logging.properties"),
                    "-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager",
                    "-Dcatalina.home=" + home(),
                    "-Dcatalina.base=" + base,
                    "-Djava.io.tmpdir=" + base.resolve("temp"),
                    "-cp",
                    bin.resolve("bootstrap.jar") + ":" + bin.resolve("tomcat-juli.jar"),
                    "org.apache.catalina.startup.Bootstrap",
                    "start");
        }
    },

    JETTY_12_1("tollgate.dist.jetty121", "Started \\S*ServerConnector@.*\\{127\\.0\\.0\\.1:(\\d+)}") {
        @Override
        void prepare(Path base) throws IOException {
            for (String folder : List.of("logs", "temp", "webapps", "start.d", "resources")) {
                Files.createDirectories(base.resolve(folder));
            }
            String modules = Stream.of("http", "ee11-webapp", "ee11-deploy", "ee11-annotations")
                    .map(module -> "--module=" + module + "\n")
                    .reduce("", String::concat);
            Files.writeString(base.resolve("start.d/server.ini"), modules);
        }

        @Override
        List<String> arguments(Path base) {
            return List.of(
                    "-Djava.io.tmpdir=" + base.resolve("temp"),
                    "-Djetty.home=" + home(),
                    "-Djetty.base=" + base,
                    "-jar",
                    home().resolve("start.jar").toString(),
                    "jetty.http.host=127.0.0.1",
                    "jetty.http.port=0");
        }
    };

    private final String property;
    private final Pattern portLine;

    Servers(String property, String portLine) {
        this.property = property;
        this.portLine = Pattern.compile(portLine);
    }

    /** Fills the private base folder of a server; the distribution itself is never written to. */
    abstract void prepare(Path base) throws IOException;

    /** What to give {@code java} to start the server. */
    abstract List<String> arguments(Path base);

    /** What the server logs when it listens; its first group is the port. */
    Pattern portLine() {
        return portLine;
    }

    Path home() {
        String home = System.getProperty(property);
        if (home == null) {
            throw new IllegalStateException("the system property " + property + " does not name the distribution");
        }
        return Path.of(home).toAbsolutePath();
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
