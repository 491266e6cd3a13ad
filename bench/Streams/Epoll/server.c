/* A minimal server of live pictures: one epoll loop, one frame for all viewers, at most ten frames a second. It does not support
 * pages, visitors, slow readers or time-outs. It is measured beside Counter as the limit of the machine.
 *
 *   cc -O2 -o epoll server.c && ./epoll PORT FRAME_BYTES
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 65536, EVENTS = 512, PACE_MS = 100, PREAMBLE = 1024 };

static const char HEAD[] =
    "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=counter-frame\r\nCache-Control: no-store\r\n\r\n";
static const char NEXT[] = "\r\n--counter-frame\r\nContent-Type: image/png\r\n\r\n";

static int viewers[MOST], places[MOST], count; /* viewers has no order; places[socket] is the index of the socket in it, plus one */
static char *frame, *first;
static size_t image_length, frame_length, first_length;

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void make_frames(size_t image)
{
    size_t next = sizeof NEXT - 1, head = sizeof HEAD - 1;
    image_length = image;
    frame_length = image + next;
    frame = malloc(frame_length);
    memset(frame, 'x', image);
    memcpy(frame + image, NEXT, next);
    first_length = head + PREAMBLE + next + frame_length;
    first = malloc(first_length);
    memcpy(first, HEAD, head);
    memset(first + head, '.', PREAMBLE);
    memcpy(first + head + PREAMBLE, NEXT, next);
    memcpy(first + head + PREAMBLE + next, frame, frame_length);
}

static void leave(int socket)
{
    int place = places[socket] - 1;
    if (place >= 0) {
        viewers[place] = viewers[--count];
        places[viewers[place]] = place + 1;
        places[socket] = 0;
    }
    close(socket);
}

static void push(void)
{
    /* Writes the number to the end of the picture once for all viewers, as a real server draws it. */
    snprintf(frame + image_length - 16, 16, "%015d", count);
    for (int i = 0; i < count; i++)
        if (send(viewers[i], frame, frame_length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN)
            leave(viewers[i--]);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s PORT FRAME_BYTES\n", argv[0]);
        return 2;
    }
    make_frames((size_t)atoi(argv[2]));
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("listen");
        return 1;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    long pushed = 0;
    for (int changed = 0;;) {
        long due = changed ? pushed + PACE_MS - now_ms() : -1;
        int n = epoll_wait(poll, events, EVENTS, changed && due < 0 ? 0 : (int)due);
        for (int i = 0; i < n; i++) {
            int s = events[i].data.fd;
            char request[4096];
            if (s == listener) {
                while ((s = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    event = (struct epoll_event){.events = EPOLLIN, .data.fd = s};
                    if (s >= MOST || epoll_ctl(poll, EPOLL_CTL_ADD, s, &event))
                        close(s);
                }
            } else if (recv(s, request, sizeof request, MSG_DONTWAIT) <= 0) {
                changed |= places[s] > 0;
                leave(s);
            } else if (!places[s]) {
                viewers[count] = s;
                places[s] = ++count;
                changed = 1;
                if (send(s, first, first_length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
                    leave(s);
            }
        }
        if (changed && now_ms() - pushed >= PACE_MS) {
            push();
            pushed = now_ms();
            changed = 0;
        }
    }
}
