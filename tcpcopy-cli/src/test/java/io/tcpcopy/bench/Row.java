package io.tcpcopy.bench;

import io.tcpcopy.lab.LabHosts;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.LabHosts.Link;
import java.util.List;
import java.util.function.Consumer;

/**
 * A scenario of the bench.
 *
 * @param name what it is called on the command line
 * @param what says it to people
 * @param service what is copied
 * @param load options of {@link io.tcpcopy.lab.Load} or redis-benchmark
 * @param addresses how many clients
 * @param copies how often each request is to arrive
 * @param course how a run of it goes
 * @param fault makes the network as bad as it is to be
 */
record Row(
        String name,
        String what,
        Service service,
        String load,
        int addresses,
        int copies,
        Course course,
        Consumer<LabHosts> fault) {

    /** A kind of servers and clients. */
    enum Service {
        WEB,
        REDIS
    }

    /** How a run goes. */
    enum Course {
        /** Copying starts, then the load. */
        ORDINARY,
        /** The load is running already when copying starts. */
        IN_THE_MIDDLE,
        /** tcpcopy is stopped for half a second while the load is running. */
        STOPPED,
        /** With one copy more in each run until some are lost, and then with twice as many as could be had without a loss. */
        OVERLOADED,
        /** Requests and their copies are captured, which takes some of the machine's time. */
        WATCHED
    }

    private static final int ADDRESSES = 30;
    private static final int PERCENT = 1;
    private static final String SHORT = "--short 10000 --rate 1000";
    private static final String KEEP_ALIVE = "--keep-alive 500 --keep-alive-rate 50 --requests 50 --pause 10";

    private static final String UPLOADS = "--keep-alive 20 --requests 125 --body 102400 --pause 80";

    /** All, in the order of the table. */
    static final List<Row> ALL = List.of(
            web("short-1500", "1,500 short connections a second, 15 s", "--short 22500 --rate 1500"),
            web("short-3000", "3,000 short connections a second, 15 s", "--short 45000 --rate 3000"),
            web("short-6000", "6,000 short connections a second, 5 s", "--short 30000 --rate 6000"),
            web("short-6000-one", "6,000 a second from one address, 5 s", "--short 30000 --rate 6000")
                    .fromOneAddress(),
            web(
                    "keep-alive",
                    "200 connections a second with 50 requests each, 10 s",
                    "--keep-alive 2000 --keep-alive-rate 200 --requests 50"),
            web(
                    "keep-alive-fast",
                    "50 connections, 6,000 requests each, as fast as the client can",
                    "--keep-alive 50 --requests 6000"),
            web(
                    "large-responses",
                    "10,000 responses of 64 KB on 20 connections",
                    "--keep-alive 20 --requests 500 --response 65536"),
            web(
                    "uploads",
                    "10,000 POSTs of 100 KB on 10 connections, as fast as the client can",
                    "--keep-alive 10 --requests 1000 --body 102400"),
            web(
                    "large-requests",
                    "5,000 POSTs of 100 KB on 20 connections, 50 MB a second",
                    "--keep-alive 20 --requests 250 --body 102400 --pause 40"),
            redis(
                            "redis-large",
                            "5,000 SETs of 100 KB on 20 connections, through a link of 400 Mbit/s",
                            "-c 20 -n 5000 -r 1000000 -d 102400 -t set")
                    .on(Row::slowDownClients),
            redis(
                    "redis-uploads",
                    "10,000 SETs of 100 KB on 5 connections, as fast as the client can",
                    "-c 5 -n 10000 -r 1000000 -d 102400 -t set"),
            redis("redis", "100,000 SETs on 20 connections", "-c 20 -n 100000 -r 1000000 -t set"),
            redis(
                    "redis-pipelines",
                    "200,000 APPENDs on 20 connections, 16 at once",
                    "-c 20 -P 16 -n 200000 -r 1000 append key:__rand_int__ x"),
            web("lost-copies-short", "1 % lost on the way to the target, 1,000 short connections a second", SHORT)
                    .on(lab -> lab.lose(Link.TO_TARGET, PERCENT)),
            web(
                            "lost-copies-keep-alive",
                            "1 % lost on the way to the target, 2,500 keep-alive requests a second",
                            KEEP_ALIVE)
                    .on(lab -> lab.lose(Link.TO_TARGET, PERCENT)),
            web("lost-responses-short", "1 % lost on the way to the assistant, 1,000 short connections a second", SHORT)
                    .on(lab -> lab.lose(Link.TO_ASSISTANT, PERCENT)),
            web(
                            "lost-responses-keep-alive",
                            "1 % lost on the way to the assistant, 2,500 keep-alive requests a second",
                            KEEP_ALIVE)
                    .on(lab -> lab.lose(Link.TO_ASSISTANT, PERCENT)),
            web("lost-copies-uploads", "1 % lost on the way to the target, 250 POSTs of 100 KB a second", UPLOADS)
                    .on(lab -> lab.lose(Link.TO_TARGET, PERCENT)),
            web("lost-responses-uploads", "1 % lost on the way to the assistant, 250 POSTs of 100 KB a second", UPLOADS)
                    .on(lab -> lab.lose(Link.TO_ASSISTANT, PERCENT)),
            web("reordered", "1 % reordered, both kinds of connections together", SHORT + ' ' + KEEP_ALIVE)
                    .on(lab -> lab.reorder(Link.TO_TARGET, PERCENT)),
            web("doubled", "1 % doubled, both kinds of connections together", SHORT + ' ' + KEEP_ALIVE)
                    .on(lab -> lab.repeat(Link.TO_TARGET, PERCENT)),
            web(
                            "in-the-middle",
                            "copying starts while 100 keep-alive connections are running",
                            "--keep-alive 100 --requests 300 --pause 30")
                    .going(Course.IN_THE_MIDDLE),
            web(
                            "stopped",
                            "tcpcopy stopped for 500 ms at 3,000 short connections a second",
                            "--short 24000 --rate 3000")
                    .going(Course.STOPPED),
            web("delay-100", "100 short connections a second, whose copies are timed, 10 s", "--short 1000 --rate 100")
                    .going(Course.WATCHED),
            web("delay-1500", "1,500 of them, 10 s", "--short 15000 --rate 1500")
                    .going(Course.WATCHED),
            web(
                            "one-connection",
                            "one connection, one request after another as fast as the client can",
                            "--keep-alive 1 --requests 60000")
                    .fromOneAddress(),
            web("three-copies", "-n 3, 1,000 short connections a second, 10 s", SHORT)
                    .copied(3),
            web(
                            "overload",
                            "3,000 short connections a second, 20 s, with twice as many copies as there can be without a loss",
                            "--short 60000 --rate 3000")
                    .going(Course.OVERLOADED));

    /** redis-benchmark knows no pace of its own. */
    private static void slowDownClients(LabHosts lab) {
        String limit = "tc qdisc add dev front root tbf rate 400mbit burst 256kb latency 100ms";
        lab.run(Host.CLIENT, limit.split(" "));
    }

    private static Row web(String name, String what, String load) {
        return new Row(name, what, Service.WEB, load, ADDRESSES, 1, Course.ORDINARY, lab -> {});
    }

    private static Row redis(String name, String what, String load) {
        return new Row(name, what, Service.REDIS, load, 1, 1, Course.ORDINARY, lab -> {});
    }

    private Row fromOneAddress() {
        return new Row(name, what, service, load, 1, copies, course, fault);
    }

    /** The same with so many copies of each request. */
    Row copied(int times) {
        return new Row(name, what, service, load, addresses, times, course, fault);
    }

    private Row going(Course way) {
        return new Row(name, what, service, load, addresses, copies, way, fault);
    }

    private Row on(Consumer<LabHosts> badNetwork) {
        return new Row(name, what, service, load, addresses, copies, course, badNetwork);
    }

    /** Starts its servers in a lab that is up. */
    Traffic serve(LabHosts lab) {
        return switch (service) {
            case WEB -> new WebTraffic(lab, this);
            case REDIS -> new RedisTraffic(lab, this);
        };
    }

    /** The options of its load, as words. */
    List<String> loadOptions() {
        return List.of(load.split(" "));
    }
}
