#include "clients/http/content_decoder.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "absl/status/statusor.h"

namespace rollcall {
namespace {

constexpr size_t kLimit = 1 << 20;
constexpr int kGzip = MAX_WBITS + 16;
constexpr int kZlib = MAX_WBITS;
constexpr int kRaw = -MAX_WBITS;

std::string Compress(const std::string& text, int window) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string result(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

// Everything in pieces of `piece` bytes.
absl::StatusOr<std::string> Decode(const std::string& coding, const std::string& bytes,
                                   size_t piece = 1 << 30, size_t limit = kLimit) {
  ContentDecoder decoder(limit);
  if (absl::Status status = decoder.Start(coding); !status.ok()) return status;
  for (size_t i = 0; i < bytes.size(); i += piece) {
    const absl::Status status = decoder.Append(absl::string_view(bytes).substr(i, piece));
    EXPECT_LE(decoder.body().size(), limit);
    if (!status.ok()) return status;
  }
  if (absl::Status status = decoder.Finish(); !status.ok()) return status;
  return decoder.body();
}

std::string SampleText() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919) + ",";
  return text;
}

TEST(ContentDecoder, UndoesEveryCodingInPiecesOfAnySize) {
  const std::string text = SampleText();
  for (size_t piece : {1, 2, 3, 1000, 1 << 20}) {
    EXPECT_EQ(*Decode("", text, piece), text);
    EXPECT_EQ(*Decode("identity", text, piece), text);
    EXPECT_EQ(*Decode("gzip", Compress(text, kGzip), piece), text);
    EXPECT_EQ(*Decode(" X-GZIP ", Compress(text, kGzip), piece), text);
    EXPECT_EQ(*Decode("deflate", Compress(text, kZlib), piece), text);
    EXPECT_EQ(*Decode("deflate", Compress(text, kRaw), piece), text);
  }
}

TEST(ContentDecoder, ReadsAGzipOfSeveralStreams) {
  EXPECT_EQ(*Decode("gzip", Compress("one", kGzip) + Compress("two", kGzip)), "onetwo");
}

TEST(ContentDecoder, AnAnswerWithoutABodyIsEmpty) { EXPECT_EQ(*Decode("gzip", ""), ""); }

TEST(ContentDecoder, ACutStreamIsNeverAShortSuccess) {
  for (int window : {kGzip, kZlib, kRaw}) {
    const std::string whole = Compress(SampleText(), window);
    for (size_t kept : {size_t{1}, size_t{2}, size_t{20}, whole.size() / 2, whole.size() - 1}) {
      EXPECT_EQ(Decode(window == kGzip ? "gzip" : "deflate", whole.substr(0, kept)).status().code(),
                absl::StatusCode::kDataLoss)
          << window << " " << kept;
    }
  }
}

TEST(ContentDecoder, BrokenStreamsAndUnknownCodingsAreRefused) {
  std::string wrong = Compress(SampleText(), kGzip);
  wrong[wrong.size() - 6] ^= 1;  // the checksum
  EXPECT_EQ(Decode("gzip", wrong).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Decode("gzip", "plain text").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Decode("gzip", Compress("x", kGzip) + "rest").status().code(),
            absl::StatusCode::kDataLoss);
  for (const char* coding : {"br", "zstd", "gzip, gzip", "compress"}) {
    EXPECT_EQ(Decode(coding, "x").status().code(), absl::StatusCode::kDataLoss) << coding;
  }
}

TEST(ContentDecoder, AcceptsABodyAtTheLimitAndRefusesOneByteMore) {
  for (const char* coding : {"", "gzip"}) {
    const auto bytes = [&](size_t size) {
      const std::string text(size, 'a');
      return *coding == '\0' ? text : Compress(text, kGzip);
    };
    EXPECT_EQ(Decode(coding, bytes(1000), 7, 1000)->size(), 1000);
    EXPECT_EQ(Decode(coding, bytes(1001), 7, 1000).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(ContentDecoder, ABombCostsNoMoreThanTheLimit) {
  const std::string bomb = Compress(std::string(64 << 20, '\0'), kGzip);
  ASSERT_LT(bomb.size(), 100'000);
  EXPECT_EQ(Decode("gzip", bomb).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace rollcall
