package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A forward proxy on loopback. It writes down the first line of what each connection asks for, and leads it to one provider,
 * whatever host it names; or refuses.
 */
public final class FakeProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int leadsTo;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int refusal;
    private volatile boolean silent;

    /** @param leadsTo the port on loopback where every connection ends */
    public FakeProxy(int leadsTo) {
        this.leadsTo = leadsTo;
        try {
            server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on it refuses with this status. */
    public FakeProxy refusing(int status) {
        refusal = status;
        return this;
    }

    /** From now on it takes connections and answers nothing. */
    public FakeProxy silent() {
        silent = true;
        return this;
    }

    /** The first line of each connection. */
    public List<String> asked() {
        return asked;
    }

    /** The whole first head of each connection. */
    public List<String> heads() {
        return heads;
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                open.add(client);
                thread(() -> serve(client));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket provider = new Socket(InetAddress.getLoopbackAddress(), leadsTo)) {
            open.add(provider);
            client.setTcpNoDelay(true);
            provider.setTcpNoDelay(true);
            String head = head(client.getInputStream());
            heads.add(head);
            asked.add(head.substring(0, head.indexOf("\r\n")));
            if (silent) {
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
                return;
            }
            if (refusal != 0) {
                answer(client, "HTTP/1.1 " + refusal + " No\r\nContent-Length: 2\r\n\r\nno");
                return;
            }
            if (head.startsWith("CONNECT ")) {
                answer(client, "HTTP/1.1 200 Go ahead\r\n\r\n");
            } else {
                provider.getOutputStream().write(head.getBytes(ISO_8859_1));
            }
            thread(() -> lead(provider, client));
            client.getInputStream().transferTo(provider.getOutputStream());
        } catch (IOException over) {
            // one side has left
        }
    }

    private static void lead(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException over) {
            // one side has left
        }
    }

    private static void answer(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(ISO_8859_1));
        client.getOutputStream().flush();
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no whole head");
            }
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "fake-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
