package dev.graft.stack;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A program that says it is ready, as a service does.
final class FakeService {
    private FakeService() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("fail")) {
            System.out.println("the moon is in the wrong phase");
            System.exit(3);
        }
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }
}
