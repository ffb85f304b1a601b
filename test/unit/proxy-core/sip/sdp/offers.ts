/** Offers of the kinds that real peers send, written by hand after their manner. */

const lines = (...all: string[]): string => [...all, ''].join('\r\n');

/** A softphone that puts Opus first with telephone-event at 8 kHz only, RTCP beside it and mux on offer. */
export const SOFTPHONE = lines(
  'v=0',
  'o=- 2890844526 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'a=tool:softphone 1.0',
  'm=audio 14000 RTP/AVP 96 9 0 8 101',
  'b=AS:125',
  'a=rtpmap:96 opus/48000/2',
  'a=fmtp:96 stereo=1;sprop-stereo=1;maxaveragebitrate=28000',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=rtcp:14001',
  'a=rtcp-mux',
  'a=sendrecv',
  'a=label:1',
  'a=ptime:20',
);

/** A back-to-back agent: G.711 and GSM, static types partly without rtpmap, video beside it. */
export const EXCHANGE = lines(
  'v=0',
  'o=pbx 1821 1821 IN IP4 192.0.2.10',
  's=call',
  'c=IN IP4 192.0.2.10',
  't=0 0',
  'm=video 0 RTP/AVP 99',
  'm=audio 10342 RTP/AVP 8 0 3 101',
  'a=rtpmap:3 GSM/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  'a=ptime:30',
  'a=maxptime:150',
  'a=sendrecv',
);

/** A mobile phone: AVPF, both clocks of telephone-event, ICE attributes that are of no use to us, video switched on. */
export const MOBILE = lines(
  'v=0',
  'o=anna 3213 2190 IN IP4 198.51.100.7',
  's=Talk',
  'c=IN IP4 198.51.100.7',
  't=0 0',
  'a=ice-pwd:0123456789abcdef01234567',
  'a=ice-ufrag:abcdef12',
  'a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics',
  'm=audio 7078 RTP/AVPF 96 97 98 0 8 101 99',
  'a=rtpmap:96 OPUS/48000/2',
  'a=fmtp:96 useinbandfec=1',
  'a=rtpmap:97 speex/16000',
  'a=rtpmap:98 speex/8000',
  'a=rtpmap:101 telephone-event/48000',
  'a=rtpmap:99 telephone-event/8000',
  'a=candidate:1 1 UDP 2130706303 198.51.100.7 7078 typ host',
  'a=rtcp-fb:* trr-int 5000',
  'm=video 9078 RTP/AVPF 96',
  'a=rtpmap:96 VP8/90000',
);

/** A desk set: line feeds alone, no s= line, lower case names, RTCP elsewhere, best-effort SRTP as a second line. */
export const DESK = [
  'v=0',
  'o=root 1 1 IN IP4 203.0.113.5',
  't=0 0',
  'm=audio 50000 RTP/SAVP 0 8',
  'c=IN IP4 203.0.113.5',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'm=audio 50002 RTP/AVP 0 8 9 18',
  'c=IN IP4 203.0.113.5',
  'a=rtpmap:0 pcmu/8000/1',
  'a=rtpmap:8 pcma/8000',
  'a=rtpmap:9 g722/8000',
  'a=rtcp:50010 IN IP4 203.0.113.6',
  'a=sendonly',
].join('\n');

/** Encrypted audio only. */
export const SECURE = lines(
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 4000 UDP/TLS/RTP/SAVPF 111',
  'a=rtpmap:111 opus/48000/2',
);

export const plain = (audio: string, ...attributes: string[]): string =>
  lines('v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', audio, ...attributes);
