internal import Audio
internal import Signalling

/// The codecs that were agreed on for one line, made when they are, kept while the line has its rate.
///
/// Isolation: none of its own; one owner on one loop. `establish` allocates, the rest does not.
struct LineCodecs {
  /// The rate of the line: that of the codec of our packets.
  private(set) var rate = AudioRate.narrowband
  private var g722: (any Codec)?
  private var pcmu: (any Codec)?
  private var pcma: (any Codec)?

  /// A codec at the line's rate; nil when it was never agreed on.
  subscript(_ codec: AudioCodec) -> (any Codec)? {
    switch codec {
    case .g722: g722
    case .pcmu: pcmu
    case .pcma: pcma
    }
  }

  mutating func establish(_ media: NegotiatedMedia) {
    if media.codec.rate != rate {
      self = LineCodecs()
      rate = media.codec.rate
    }
    prepare(media.codec)
    for format in media.otherFormats { prepare(format.codec) }
  }

  private mutating func prepare(_ codec: AudioCodec) {
    guard self[codec] == nil else { return }
    switch codec {
    case .g722: g722 = atRate(G722Codec())
    case .pcmu: pcmu = atRate(G711Codec(.muLaw))
    case .pcma: pcma = atRate(G711Codec(.aLaw))
    }
  }

  private func atRate(_ codec: any Codec) -> any Codec {
    codec.rate == rate ? codec : ResampledCodec(codec, rate: rate)
  }
}

extension AudioCodec {
  /// The rate of a line that sends with the codec.
  var rate: AudioRate { isWideband ? .wideband : .narrowband }
}
