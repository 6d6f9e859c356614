/* Floods a server with hostile traffic over real sockets: `flood HOST PORT udp|tcp|rtp COUNT [SEED [SOURCE [SOURCEPORT [PORTS]]]]`.
 * Prints how many left. SOURCE is the address to send from, `-` for many of 127.N.N.N; PORTS how many ports from PORT on are hit.
 *
 * udp: SIP datagrams, whole, broken, oversized, folded.
 * tcp: connections that send keep-alives and never read, half messages, heads without end, lengths that lie; closed and opened anew.
 * rtp: audio and keys whose numbers, times, markers, types and lengths jump, run backwards, repeat or lie, and RTCP that is none.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static uint64_t state;

static uint32_t draw(uint32_t bound) {
  state += 0x9E3779B97F4A7C15ull;
  uint64_t value = state;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ull;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBull;
  return (uint32_t)((value ^ (value >> 31)) >> 33) % bound;
}

enum { SEEDS = 8, LONGEST = 60000, BATCH = 64, SOURCES = 64, STREAMS = 64 };
static struct in_addr from;  /* 0: many */
static uint16_t fromPort;
static uint32_t ports = 1;
static char seeds[SEEDS][LONGEST];
static size_t sizes[SEEDS];

static void prepare(void) {
  static const char *methods[] = {"INVITE", "OPTIONS", "BYE", "REGISTER", "DANCE"};
  for (int seed = 0; seed < SEEDS; seed++) {
    const char *method = methods[seed % 5];
    char *text = seeds[seed];
    size_t size = (size_t)snprintf(text, LONGEST,
        "%s sip:shop@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.9:5060;branch=z9hG4bKflood%d;rport\r\n"
        "From: <sip:x@127.0.0.9>;tag=x\r\nTo: <sip:shop@127.0.0.1>\r\nCall-ID: flood%d\r\nCSeq: 1 %s\r\n"
        "Contact: <sip:x@127.0.0.9>\r\n", method, seed, seed, method);
    if (seed == 3 || seed == 6) {
      for (int fold = 0; fold < (seed == 3 ? 4000 : 14000); fold++) { memcpy(text + size, fold ? "\r\n b" : "X: b", 4); size += 4; }
      memcpy(text + size, "\r\n", 2);
      size += 2;
    }
    size += (size_t)snprintf(text + size, LONGEST - size, "Content-Length: 0\r\n\r\n");
    sizes[seed] = size;
  }
  for (size_t at = 0; at < LONGEST; at += 2) memcpy(seeds[7] + at, "\r\n", 2);
  sizes[7] = LONGEST;
}

/* One message with a few octets changed. */
static size_t message(char *out, int isStream) {
  int seed = (int)draw(100);
  seed = seed < 92 ? (seed % 3 == 2 ? 4 : seed % 3) : (seed < 96 ? 3 : (seed < 98 ? 6 : 7));
  size_t size = sizes[seed];
  memcpy(out, seeds[seed], size);
  for (uint32_t changes = draw(4); changes > 0; changes--) out[draw((uint32_t)size)] = (char)draw(256);
  if (draw(10) == 0) size = 1 + draw((uint32_t)size);
  if (isStream && draw(3) == 0) size -= draw((uint32_t)size);
  return size;
}

static struct sockaddr_in source(void) {
  struct sockaddr_in one = {.sin_family = AF_INET, .sin_addr = from};
  if (!from.s_addr) one.sin_addr.s_addr = htonl(0x7F000000u | (1 + draw(200)) << 16 | draw(256) << 8 | (2 + draw(250)));
  return one;
}

/* One packet of a stream that obeys nothing: big-endian header, then what is taken for sound or a key. */
static size_t packet(char *out) {
  static uint32_t time, ssrc = 1;
  static uint16_t number;
  static const uint8_t types[] = {0, 0, 0, 0, 8, 9, 101, 101, 80, 13, 72, 127};
  number = (uint16_t)(draw(40) ? number + 1u : draw(65536));
  time = draw(40) ? time + 160 : (draw(4) ? time - draw(100000) : draw(UINT32_MAX));
  if (draw(5000) == 0) ssrc = draw(UINT32_MAX);
  uint8_t type = types[draw(sizeof types)];
  uint8_t head[12] = {(uint8_t)(draw(50) ? 0x80 : draw(256)), (uint8_t)((draw(8) ? 0 : 0x80) | type), (uint8_t)(number >> 8), (uint8_t)number,
      (uint8_t)(time >> 24), (uint8_t)(time >> 16), (uint8_t)(time >> 8), (uint8_t)time,
      (uint8_t)(ssrc >> 24), (uint8_t)(ssrc >> 16), (uint8_t)(ssrc >> 8), (uint8_t)ssrc};
  size_t size = draw(20) ? 160 : draw(1400);
  memcpy(out, head, sizeof head);
  for (size_t at = 0; at < size; at += 8) { uint32_t noise = draw(UINT32_MAX); memcpy(out + 12 + at, &noise, 4); memcpy(out + 16 + at, &noise, 4); }
  if (type == 101 || type == 80) {
    out[12] = (char)draw(20); out[13] = (char)(draw(2) ? 0x8A : 0x0A); out[14] = (char)draw(256); out[15] = (char)draw(256);
    if (draw(4)) size = 4;
  }
  return draw(50) ? 12 + size : draw(12);
}

static long datagrams(struct sockaddr_in server, long count, int isAudio) {
  int sockets[SOURCES], used = from.s_addr ? 1 : SOURCES;
  for (int i = 0; i < used; i++) {
    struct sockaddr_in one = source();
    one.sin_port = htons(fromPort);
    sockets[i] = socket(AF_INET, SOCK_DGRAM, 0);
    if (sockets[i] < 0 || bind(sockets[i], (struct sockaddr *)&one, sizeof one)) { perror("bind"); exit(2); }
  }
  static char data[BATCH][LONGEST];
  static struct sockaddr_in targets[BATCH];
  struct mmsghdr headers[BATCH];
  struct iovec parts[BATCH];
  long sent = 0;
  while (sent < count) {
    for (int i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){data[i], isAudio ? packet(data[i]) : message(data[i], 0)};
      targets[i] = server;
      targets[i].sin_port = htons((uint16_t)(ntohs(server.sin_port) + draw(ports)));
      headers[i] = (struct mmsghdr){.msg_hdr = {.msg_name = &targets[i], .msg_namelen = sizeof server, .msg_iov = &parts[i], .msg_iovlen = 1}};
    }
    int now = sendmmsg(sockets[draw((uint32_t)used)], headers, BATCH, 0);
    if (now < 0 && errno != EAGAIN && errno != ENOBUFS && errno != ECONNREFUSED) { perror("sendmmsg"); exit(2); }
    sent += now > 0 ? now : 0;
  }
  return sent;
}

static int stream(struct sockaddr_in server) {
  int handle = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in one = source();
  struct timeval patience = {.tv_usec = 200000};
  if (handle >= 0) setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (handle < 0 || bind(handle, (struct sockaddr *)&one, sizeof one) || connect(handle, (struct sockaddr *)&server, sizeof server)) {
    if (handle >= 0) close(handle);
    return -1;
  }
  fcntl(handle, F_SETFL, O_NONBLOCK);
  return handle;
}

static long tcp(struct sockaddr_in server, long count) {
  static char data[LONGEST];
  int streams[STREAMS];
  for (int i = 0; i < STREAMS; i++) streams[i] = -1;
  long sent = 0;
  while (sent < count) {
    int at = (int)draw(STREAMS);
    if (streams[at] >= 0 && draw(200) == 0) { close(streams[at]); streams[at] = -1; }
    if (streams[at] < 0) streams[at] = stream(server);
    if (streams[at] < 0) continue;
    size_t size = message(data, 1);
    if (send(streams[at], data, size, MSG_NOSIGNAL) >= 0) sent++;
    else if (errno != EAGAIN || draw(50) == 0) { close(streams[at]); streams[at] = -1; }
  }
  return sent;
}

int main(int argc, char **argv) {
  if (argc < 5) { fprintf(stderr, "usage: flood HOST PORT udp|tcp|rtp COUNT [SEED [SOURCE [SOURCEPORT [PORTS]]]]\n"); return 2; }
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
  if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) { fprintf(stderr, "no address: %s\n", argv[1]); return 2; }
  state = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
  if (argc > 6 && strcmp(argv[6], "-") && inet_pton(AF_INET, argv[6], &from) != 1) { fprintf(stderr, "no address: %s\n", argv[6]); return 2; }
  if (argc > 7) fromPort = (uint16_t)atoi(argv[7]);
  if (argc > 8) ports = (uint32_t)atoi(argv[8]);
  prepare();
  long count = atol(argv[4]);
  printf("%ld\n", strcmp(argv[3], "tcp") ? datagrams(server, count, !strcmp(argv[3], "rtp")) : tcp(server, count));
  return 0;
}
