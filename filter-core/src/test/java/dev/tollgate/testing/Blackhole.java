package dev.tollgate.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** An address on loopback that swallows connections: its queue of them is full, and nobody takes one from it. */
public final class Blackhole implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> queue = new ArrayList<>();

    public Blackhole() {
        try {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its address as {@code host:port}; from now on it swallows. */
    public String authority() {
        try {
            for (int i = 0; i < 3; i++) {
                Socket socket = new Socket();
                queue.add(socket);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), 50);
            }
        } catch (java.net.SocketTimeoutException full) {
            // that is what was wanted
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() {
        try {
            for (Socket socket : queue) {
                socket.close();
            }
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
