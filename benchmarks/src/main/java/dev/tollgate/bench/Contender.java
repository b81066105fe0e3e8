package dev.tollgate.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One column of the tables: a port to send calls to, and the process behind it that stands in the middle.
 *
 * @param child the process in the middle; null when calls go to the provider directly
 */
record Contender(String name, int port, @Nullable Child child) implements AutoCloseable {
    static final String DIRECT = "direct";
    static final String NGINX = "nginx";
    static final String TOLLGATE = "Tollgate";

    static Contender direct(int providerPort) {
        return new Contender(DIRECT, providerPort, null);
    }

    /** A plain reverse proxy with kept connections, no buffering of answers and no log; empty without nginx. */
    static Optional<Contender> nginx(int providerPort, Pinning pinning, Path out) throws IOException {
        Optional<Path> program = Programs.find("nginx");
        if (program.isEmpty()) {
            return Optional.empty();
        }
        int port = Programs.freePort();
        Path folder = Files.createDirectories(out.resolve("nginx"));
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, nginxConfig(port, providerPort));
        List<String> command = List.of(program.get().toString(), "-p", folder.toString(), "-c", config.toString());
        return Optional.of(
                started(NGINX, port, Child.silent(pinning.middle(command), Map.of(), folder.resolve("nginx.log"))));
    }

    private static String nginxConfig(int port, int providerPort) {
        return """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr warn;
                worker_rlimit_nofile 16384;
                events { worker_connections 8192; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  client_body_buffer_size 128k;
                  keepalive_requests 1000000000;
                  upstream provider {
                    server 127.0.0.1:%d;
                    keepalive 256;
                    keepalive_requests 1000000000;
                  }
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    location / {
                      proxy_pass http://provider;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_buffering off;
                      proxy_read_timeout 600s;
                    }
                  }
                }
                """.formatted(providerPort, port);
    }

    /** The stand-alone gateway, with keys, limits, a log line per call and metrics. */
    static Contender tollgate(int providerPort, Pinning pinning, Options options) throws IOException {
        List<String> program = List.of("-jar", options.jar().toString());
        return gateway(TOLLGATE, GatewayConfig.text(providerPort), program, pinning, options);
    }

    /** @param program what the gateway's JVM is told to run */
    static Contender gateway(String name, String yaml, List<String> program, Pinning pinning, Options options)
            throws IOException {
        int port = Programs.freePort();
        Path folder = Files.createDirectories(options.out().resolve("tollgate"));
        Path config = folder.resolve("tollgate-" + port + ".yaml");
        Files.writeString(config, yaml);
        List<String> command = new ArrayList<>(List.of(Programs.ofJdk("java")));
        command.addAll(options.jvm());
        command.addAll(program);
        command.addAll(List.of("--config", config.toString(), "--port", Integer.toString(port)));
        Path log = folder.resolve("tollgate-" + port + ".log");
        return started(name, port, Child.silent(pinning.middle(command), GatewayConfig.ENVIRONMENT, log));
    }

    private static Contender started(String name, int port, Child child) throws IOException {
        try {
            child.awaitPort(port, Duration.ofSeconds(30));
            return new Contender(name, port, child);
        } catch (IOException e) {
            child.close();
            throw new IOException(name + " " + e.getMessage(), e);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Processor time of the process in the middle so far, in nanoseconds; 0 when there is none. */
    long cpuNanos() {
        return child == null ? 0 : child.cpuNanos();
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }
}
