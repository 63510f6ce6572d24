"""The page in Korean."""

CODE = "ko"
NAME = "한국어"
TEXTS = {
    # The page
    "title": "MNIST 데모",
    "intro": "숫자를 그리면 신경망이 읽어요.",
    "about_mnist": "신경망은 MNIST로 배웠어요. MNIST는 정답이 붙은 손글씨 숫자 모음으로, 학습용이 "
    "60,000장, 테스트용이 10,000장이에요.",
    "theme": "밝게 또는 어둡게",
    "present": "발표 화면",
    "end_present": "발표 마치기",
    "language": "언어",
    "draw": "그리기",
    "train": "학습",
    "gallery": "갤러리",
    "loading": "숫자를 불러오고 있어요…",
    "old_browser": "이 페이지를 쓰기에는 브라우저가 너무 오래됐어요. 브라우저를 업데이트하거나 "
    "최신 Chrome, Edge, Firefox, Safari에서 열어 주세요.",
    "substitute": "**MNIST가 없거나 손상되어서**, 데모에 들어 있는 MNIST 숫자 일부를 써요 (학습용 "
    "{train:,}개, 테스트용 {test:,}개). 준비된 모델은 이 테스트 숫자를 학습할 때 보았고, 내 모델은 "
    "보지 않아요. MNIST 전체를 쓰려면 운영자가 이 컴퓨터를 인터넷에 연결하고 데모를 다시 시작하면 "
    "돼요. 자세한 이유는 서버 기록에 있어요.",
    "model": "모델",
    "model_info": "숫자를 읽는 신경망",
    "user_model": "내 {recipe}",
    "no_model": "{name} 모델은 없어요. 다음 중에서 고르세요: {names}",
    "no_models": "쓸 수 있는 모델이 없어요. 모델 파일이 없거나 손상되었어요. 학습 탭에서 내 "
    "모델을 학습시켜 보세요. 자세한 이유는 서버 기록에 있어요",
    "models_unusable": "**쓸 수 없는 모델이 있어요.** {names} 파일이 손상되었거나 이 데모의 "
    "다른 버전에서 만든 파일이에요. 자세한 이유는 서버 기록에 있어요.",
    "no_second_model": "비교할 두 번째 모델이 없어요",
    "connection_lost": "서버가 응답하지 않아요. 그린 그림은 그대로 있고, 서버가 돌아오면 저절로 "
    "이어져요.",
    "connection_back": "서버가 돌아왔어요. 잃은 것은 없어요.",
    "connection_anew": "서버가 새로 시작되었어요. 잃은 것은 없으니 계속 그리세요.",
    "connection_anew_with_runs": "서버가 새로 시작되었어요. 그린 그림과 모은 숫자는 그대로 "
    "있지만, 내 모델과 학습 기록은 사라졌어요. 곡선은 다시 학습하거나 새로 고칠 때까지 볼 수 "
    "있어요.",
    "connection_forgotten": "오래 쉬는 동안 서버가 내 것을 지웠어요. 그린 그림과 모은 숫자는 "
    "그대로 있으니 계속 그리세요.",
    "connection_forgotten_with_runs": "오래 쉬는 동안 서버가 내 모델과 학습 기록을 지웠어요. "
    "그린 그림과 모은 숫자는 그대로 있어요. 곡선은 다시 학습하거나 새로 고칠 때까지 볼 수 "
    "있어요.",
    "connection_reload": "새로 고침",
    "connection_close": "닫기",
    "digit_named": "{digit}",
    "digit_named_8": "{digit}",
    "other_reason": "쓸 수 없는 값이 있어요 ({reason})",
    "not_in_range": "{name}: {low}에서 {high} 사이의 수여야 해요 (입력한 값: {value})",
    "not_whole_in_range": "{name}: {low}에서 {high} 사이의 정수여야 해요 (입력한 값: {value})",
    "empty_number": "{name}: 비어 있어요. {low}에서 {high} 사이의 수를 쓰세요",
    "empty_whole": "{name}: 비어 있어요. {low}에서 {high} 사이의 정수를 쓰세요",
    "empty_choice": "{name}: 비어 있어요. 다음에서 하나를 고르세요: {choices}",
    "not_a_number": "{name}: 수여야 해요 (입력한 값: {value})",
    "not_a_choice": "{name}: 다음 중 하나여야 해요: {choices} (입력한 값: {value})",
    "bad_input": "요청에 쓸 수 없는 값이 있어요. 페이지를 새로 고친 뒤 다시 해 보세요.",
    "request_unknown": "이 주소에는 아무것도 없어요.",
    "request_body": "요청 본문이 여기서 받는 JSON이 아니에요.",
    "request_arguments": "이 엔드포인트의 인자가 아니에요. 페이지의 “API를 통해 사용”에서 "
    "확인하세요.",
    "request_large": "요청이 너무 커서 읽지 않았어요.",
    # Draw
    "pad_label": "그림판: 마우스나 손가락, 펜으로 0부터 9까지의 숫자를 그리세요",
    "pad_hint": "여기에 0부터 9까지의 숫자를 그리세요",
    "pad_help": "Ctrl+Z(⌘Z) 키로 마지막 획을 되돌리고, Esc 키로 모두 지워요.",
    "undo": "되돌리기",
    "undo_title": "마지막 획 되돌리기 (Ctrl+Z 또는 ⌘Z)",
    "redo": "다시 하기",
    "redo_title": "되돌린 획 다시 그리기 (Ctrl+Shift+Z 또는 ⌘⇧Z)",
    "brush": "펜 굵기",
    "brush_title": "펜 굵기",
    "photo": "그림 파일 읽기",
    "photo_title": "숫자 그림이나 사진 읽기",
    "wider": "넓은 그림판",
    "wider_title": "여덟 자리 수까지 쓸 수 있는 넓은 그림판",
    "clear": "지우기",
    "clear_title": "모두 지우기 (Esc)",
    "examples": "예시나 그림 파일로 시작하기",
    "examples_help": "숫자 그림을 그림판에 끌어다 놓거나 붙여 넣어도 돼요(Ctrl+V). 종이를 찍은 "
    "사진도 괜찮아요. 그림판을 선택한 동안에는 화살표 키로 그림을 옮길 수 있어요.",
    "example_crossed": "줄 그은 7",
    "example_slashed": "빗금 친 0",
    "example_corner": "구석의 4",
    "example_scribble": "낙서",
    "example_number": "테스트 숫자 번호",
    "example_take": "그림판에 올리기",
    "example_missing": "테스트 숫자의 번호를 입력하세요. 0에서 {last:,} 사이의 정수예요.",
    "example_range": "테스트 숫자 {number}: 없는 번호예요. 0에서 {last:,} 사이의 정수를 고르세요.",
    "prediction_prompt": "그림판에 숫자를 그리면 신경망의 답이 여기에 나타나요.",
    "prediction_sure": "{digit}, 자신 있게 읽었어요.",
    "prediction_likely": "아마 숫자 {digit}일 거예요.",
    "prediction_unsure": "확실하지 않아요. {digit} 아니면 {second}일 거예요.",
    "prediction_non_digit": "숫자로 보이지 않아요. 그래도 숫자라면 {digit} 아니면 {second}일 "
    "거예요.",
    "number_sure": "{number}, 자신 있게 읽었어요.",
    "number_likely": "아마 {number}일 거예요.",
    "number_unsure": "확실하지 않아요. {number}일 수도 있어요.",
    "number_digits": "수를 이루는 숫자: 자세히 볼 숫자를 고르세요",
    "number_part": "{count}개 중 {place}번째 숫자: {sentence}",
    "prediction_digits_only": "숫자만 알아서, 무엇을 그려도 숫자라고 답해요.",
    "prediction_little": "획이 너무 적어 아직 알 수 없어요. 더 그려 보세요.",
    "prediction_failed": "서버가 답하지 못했어요. 더 그리면 다시 시도해요.",
    "prediction_seen": "신경망이 보는 것:\n28 x 28픽셀",
    "prediction_seen_alt": "신경망이 보는 그림",
    "prediction_bars": "숫자별 확률",
    "bad_drawing": "이 그림은 읽을 수 없어요: {reason}.",
    "bad_picture": "파일을 그림으로 읽을 수 없어요. PNG 또는 JPEG 파일을 고르세요",
    "picture_address": "다른 페이지에 있는 그림이에요. 먼저 파일로 저장한 뒤 그 파일을 여기에 "
    "끌어다 놓으세요",
    "picture_falsified": "브라우저의 보호 기능이 페이지에 가짜 픽셀을 보여 주고, 파일은 그대로 "
    "보내기에 너무 커요. 이 페이지에 캔버스 데이터를 허용하거나, 한 변이 1600픽셀 이하이고 1.4MB "
    "이하인 PNG 또는 JPEG 파일을 고르세요",
    "other_format": "{format} 파일은 여기서 읽지 못해요. 먼저 JPEG나 PNG로 저장해 주세요",
    "no_digit_blank": "숫자를 찾지 못했어요. 그림이 비었거나 너무 흐려요",
    "no_digit_cut_off": "숫자를 찾지 못했어요. 그림 가장자리에서 잘렸어요",
    "no_digit_marks": "숫자를 찾지 못했어요. 그림에 다른 자국이 너무 많아요",
    # The panels under the pad
    "panel_prompt": "먼저 숫자를 그려 주세요.",
    "panel_of": "모델: {model}",
    "preprocessing_title": "신경망은 무엇을 보나요?",
    "preprocessing_hint": "그림이 신경망에 들어가기까지",
    "preprocessing_help": "신경망은 크기가 같고 획의 무게중심이 가운데에 놓인 숫자로 배워서, "
    "그렇지 않은 "
    "그림은 낯설어해요. 그래서 그림을 잘라 내고 크기를 맞추고 옮겨서 같은 모습으로 만들어요.",
    "stage_squeezed": "1. 그림판 전체를 28 x 28로 줄이기",
    "stage_cut_out": "2. 잘라 내서 20픽셀로 맞추기",
    "stage_centred": "3. 무게중심을 가운데로, MNIST의 펜으로 그리기",
    "stage_found": "1. 숫자라고 본 부분",
    "stage_found_centred": "2. 잘라 내고, 무게중심을 가운데로, MNIST의 펜으로 그리기",
    "cut_away": "지운 것: {what}",
    "cut_away_nothing": "다른 것은 없었어요",
    "cut_away_lines": "긴 줄",
    "cut_away_border": "가장자리에 닿은 것",
    "cut_away_around": "종이나 칸의 바깥",
    "cut_away_apart": "숫자 옆의 자국",
    "stage_answer": "{digit} ({share:.0%})",
    "stage_alt": "이 단계의 그림",
    "model_comparison_title": "다른 모델은 뭐라고 할까요?",
    "model_comparison_hint": "같은 그림을 모든 모델이 읽어요",
    "model_comparison_of": "≠ 표시는 고른 모델 {model}의 답과 다르다는 뜻이에요.",
    "column_model": "모델",
    "column_answer": "답",
    "column_share": "확률",
    "column_parameters": "매개변수",
    "column_time": "시간(ms)",
    "explanation_title": "왜 그럴까요?",
    "explanation_hint": "고른 신경망의 속을 층마다 들여다보고, 일부를 꺼 봐요",
    "explanation_help": "신경망은 여러 층으로 일해요. 층마다 앞 층이 찾은 것을 받아 계산해요. 층을 "
    "골라 한 부분을 누르면 그 부분이 꺼지고, 답이 바로 달라져요.",
    "explanation_views": "신경망의 층",
    "explanation_drawing": "내 그림",
    "explanation_on": "모두 켜져 있을 때의 답은 {digit} ({share:.1%})예요.",
    "explanation_off": "{count}개를 껐을 때의 답은 {other} ({now:.1%}), 모두 켰을 때의 답은 "
    "{digit} ({share:.1%})예요.",
    "explanation_bar": "{digit}: {now:.1%}, 모두 켰을 때 {share:.1%}",
    "explanation_all_on": "모두 다시 켜기",
    "explanation_find": "가장 중요한 것 찾기",
    "explanation_found": "{count}개를 하나씩 꺼 보니 가장 중요한 것은 이것이에요: {part}. 이것이 "
    "없으면 {digit}의 확률: {now} (있으면 {share}). 그다음 것들과 함께 초록 테두리와 순위로 "
    "표시했어요.",
    "explanation_found_none": "{count}개를 하나씩 꺼 봐도 혼자서 중요한 것은 없어요. {digit}의 "
    "확률이 {share}보다 낮아지지 않아요.",
    "explanation_filter": "필터 {number}",
    "explanation_unit": "유닛 {number}",
    "explanation_pixel": "{row}행 {column}열의 픽셀",
    "explanation_value": "{part}: {value}",
    "explanation_is_off": "{part}: 꺼짐",
    "explanation_brightest": "{part}: 가장 밝은 곳 {value}",
    "explanation_count_off": "{count}개 꺼짐",
    "explanation_keys": "키보드: 화살표로 옮기고, 스페이스로 끄고 켜요.",
    "explanation_sum_key": "엔터로 합을 봐요.",
    "explanation_press": "누르면",
    "explanation_press_off": "꺼요",
    "explanation_press_sum": "합을 보여 줘요",
    "explanation_sum": "{part}, {row}행 {column}열: 이 수가 나오는 과정",
    "explanation_sum_help": "그곳에서 보는 것에 가중치를 곱해서 모두 더해요.",
    "explanation_norm": "그다음 norm(배치 정규화)이 학습 때의 보통 값에 맞춰 합을 옮기고 늘이거나 "
    "줄여요.",
    "explanation_relu": "그다음 relu가 0보다 작은 것을 0으로 바꿔요.",
    "explanation_sigmoid": "그다음 sigmoid가 0에서 1 사이로 눌러 넣어요.",
    "explanation_tanh": "그다음 tanh가 −1에서 1 사이로 눌러 넣어요.",
    "explanation_gelu": "그다음 gelu가 0보다 작은 것을 거의 0으로 바꿔요.",
    "explanation_sum_off": "꺼져 있음",
    "explanation_sum_drawing": "내 그림",
    "explanation_sum_map": "앞 층의 맵 {number}",
    "explanation_sum_rest": "다른 맵 {count}개",
    "explanation_sum_bias": "편향(bias)",
    "explanation_sum_total": "합",
    "explanation_sum_after": "{functions} 다음",
    "explanation_pixels": "신경망이 받는 내 그림",
    "explanation_pixels_help": "28 x 28개의 수, 곧 픽셀이에요. 하나를 누르면 그 획이 사라져요.",
    "explanation_saliency": "어느 획이 중요했나",
    "explanation_saliency_help": "파란 획은 그 숫자라는 근거, 주황 획은 아니라는 근거예요 (계산 "
    "방법은 integrated gradients: Sundararajan, Taly, Yan, 2017).",
    "explanation_for": "{digit}의 근거 ({share:.0%})",
    "explanation_weights": "숫자 열 개의 가중치 그림",
    "explanation_weights_help": "답마다 내 획을 그림 하나에 겹쳐 더해요. 파란 곳의 획은 그 "
    "숫자라는 근거, 주황 곳의 획은 아니라는 근거예요.",
    "explanation_units": "{name}: 유닛 {count}개가 찾는 것",
    "explanation_units_help": "유닛은 층이 계산하는 수 하나예요. 그림은 유닛이 저마다 무엇을 "
    "찾는지 보여 줘요. 파란 곳의 획에 더 활발해지고 주황 곳의 획에 덜해져요.",
    "explanation_dots": "{name}: 유닛 {count}개",
    "explanation_dots_help": "유닛은 층이 앞의 모든 것에서 계산하는 수 하나예요. 밝을수록 큰 "
    "수예요.",
    "explanation_maps": "{name}: 필터 {count}개가 찾은 것, 각각 {height} x {width}",
    "explanation_maps_help": "필터는 앞에 있는 것의 모든 곳을 살펴봐요. 맵에서 밝은 곳이 필터가 "
    "자기 모양을 찾은 곳이에요 (특징 맵). 한 곳을 가리키면 그 수가 어떤 합인지 보여요.",
    "explanation_most_filters": "가장 많이 찾은 {count}개만 보여 줘요.",
    "explanation_most_units": "빈 종이일 때와 가장 많이 달라진 {count}개만 보여 줘요.",
    "attack_curves_title": "쉽게 속을까요?",
    "attack_curves_hint": "고른 모델을 속이려고 만든 변화를 모든 모델에게 보여 줘요",
    "attack_curves_help": "테스트 숫자 중 처음 {count}개를, 그리기 탭의 ‘어떻게 하면 속을까요?’"
    "에서 한 걸음에(FGSM) 하듯이 고른 모델을 속이도록 바꿔요. 세기는 픽셀 하나가 가장 많이 "
    "바뀌는 양으로, 가득 찬 잉크를 1로 하여 {low:g}부터 {high:g}까지예요. 곡선 하나가 모델 "
    "하나이고, 그 숫자들을 얼마나 옳게 읽는지 보여 줘요. 한 모델을 속이려고 만든 것이 다른 모델도 "
    "속일 수 있어요.",
    "attack_curves_axis": "변화의 세기",
    "attack_curves_table": "변화의 세기에 따른 정확도",
    "attack_curves_line": "{model} 모델을 속이려고 만든 변화, 테스트 숫자 {count}개",
    "attack_curves_wait": "모델들이 바뀐 숫자를 읽고 있어요…",
    "attack_curves_picture": "가득 찬 잉크의 {strength}만큼 바뀐 {digit}",
    "robustness_title": "어떻게 하면 틀릴까요?",
    "robustness_hint": "그림을 돌리고 옮기고 망가뜨려서, 누가 끝까지 읽는지 봐요",
    "robustness_of": "곡선 하나가 모델 하나예요. 모델마다, 고른 모델 {model}의 답과 같은 숫자로 볼 "
    "확률이에요.",
    "robustness_help": "바뀐 그림을 신경망에 그대로 보여 줘요. 다시 가운데로 옮기지 않아요.",
    "robustness_reset": "모두 원래대로",
    "robustness_alt": "바뀐 그림",
    "robustness_caption": "숫자가 {digit}일 확률",
    "fool_it_title": "어떻게 하면 속을까요?",
    "fool_it_hint": "신경망이 버티지 못하는 가장 작은 변화를 만들어요",
    "fool_it_help": "픽셀마다 잉크가 늘거나 줄 때 답이 나빠지는지를 신경망에서 계산할 수 있어요. "
    "그것이 그래디언트예요. 픽셀마다 그 방향으로, 세기보다 크지 않게 바꿔요. 우리 눈에는 여전히 "
    "같은 숫자예요.",
    "fool_it_way": "방법",
    "fool_it_fgsm": "한 걸음에 (FGSM)",
    "fool_it_pgd": "작은 걸음 열 번에 (PGD)",
    "fool_it_pixels": "게임: 내가 고른 픽셀",
    "fool_it_strength": "세기(가득 찬 잉크를 1로)",
    "fool_it_target": "읽게 할 숫자",
    "fool_it_any": "아무거나 다른 것",
    "fool_it_least": "속이는 가장 작은 세기",
    "fool_it_undo": "처음부터",
    "fool_it_drawing": "그림",
    "fool_it_change": "바뀐 곳 (파랑: 잉크 늘림, 주황: 줄임)",
    "fool_it_sum": "둘을 더한 것",
    "fool_it_keys": "마지막 그림의 픽셀을 누르면 잉크가 생기거나 없어져요. 키보드로는 화살표와 "
    "스페이스 키예요. 누가 가장 적게 바꿀까요?",
    "fool_it_count": "바꾼 픽셀: {count}. 지금까지 가장 적게: {fewest}.",
    "fool_it_before": "처음 답",
    "fool_it_after": "지금 답",
    "fool_it_fooled": "{model}: 처음 답은 {digit}, 지금 답은 {other}. 속았어요.",
    "fool_it_held": "{model}: 답이 그대로예요({digit}).",
    "fool_it_never": "{model}: 답은 {digit}. 가장 큰 세기까지 이 방법으로는 속지 않아요.",
    "fool_it_never_target": "{model}: 답은 {digit}. 가장 큰 세기까지 이 방법으로는 {target}(으)로 "
    "읽게 할 수 없어요.",
    "fool_it_why": "왜 중요할까요? 도로 표지판이나 수표의 금액에도 이런 변화를 줄 수 있어요. 한 "
    "신경망에 맞춰 만든 것이 다른 신경망을 속이기도 해서(위의 표를 보세요), 숨긴다고 안전하지 "
    "않아요.",
    "change_rotation": "회전",
    "change_rotation_axis": "시계 방향으로 돌린 각도(°)",
    "change_shift": "이동",
    "change_shift_axis": "오른쪽으로 옮긴 픽셀",
    "change_scale": "크기",
    "change_scale_axis": "크기 배율",
    "change_thickness": "굵기",
    "change_thickness_axis": "획 양쪽에 더한 픽셀",
    "change_noise": "노이즈",
    "change_noise_axis": "노이즈의 세기 (1이면 획과 같은 세기)",
    "replay_title": "언제 알아봤을까요?",
    "replay_hint": "그린 과정을 다시 보며 확률의 변화를 살펴봐요",
    "replay_nothing": "펜으로 그린 것만 다시 볼 수 있어요. 그림 파일은 안 돼요.",
    "replay_caption": "숫자별 확률",
    "replay_axis": "그림이 그려진 정도",
    "replay_play": "재생",
    "replay_pause": "일시정지",
    "replay_scrub": "그림을 어디까지 보여 줄지",
    "replay_canvas": "그때까지 그려진 그림",
    "my_handwriting_title": "내 손글씨",
    "my_handwriting_hint": "내 숫자를 모아서 누가 가장 잘 읽는지 봐요",
    "my_handwriting_help": "숫자를 하나씩 그리고 무슨 숫자인지 알려 주세요. 모은 숫자는 나만 볼 수 "
    "있고 페이지를 닫으면 사라지니, 간직하려면 저장하세요.",
    "my_handwriting_collect": "그림판에서 숫자 모으기",
    "my_handwriting_frames": "점선 테두리: 고른 모델 {model}의 답이 틀린 숫자예요.",
    "my_handwriting_set_label": "내 숫자",
    "my_handwriting_save": "파일로 저장",
    "my_handwriting_open": "파일 열기",
    "my_handwriting_empty": "모두 삭제",
    "my_handwriting_undo": "되돌리기",
    "my_handwriting_remove": "삭제",
    "my_handwriting_added": "숫자 {digit}, 추가했어요.",
    "my_handwriting_doubtful": "숫자로 보이지 않아요. 그래도 숫자 {digit}, 이대로 추가할까요?",
    "my_handwriting_blank": "그림판이 비어 있어요. 먼저 숫자를 그려 주세요.",
    "my_handwriting_picture": "펜으로 그린 것만 모을 수 있어요. 그림 파일은 안 돼요.",
    "my_handwriting_cleared": "모두 삭제했어요.",
    "my_handwriting_opened": "파일에서 숫자 {count}개를 추가했어요.",
    "my_handwriting_refused": "처리하지 못했어요: {reason}.",
    "my_handwriting_points": "점을 모두 {most:,}개까지 모을 수 있으니 먼저 그림을 하나 삭제하세요",
    "my_handwriting_full": "숫자를 {most}개까지 모을 수 있으니 먼저 몇 개를 삭제하세요",
    "my_handwriting_bad_file": "여기서 저장한 숫자 파일이 아니에요 ({reason})",
    "my_handwriting_score": "{name}: {total}개 중 {right}개 맞힘 ({dataset}에서는 {accuracy:.2%})",
    "my_handwriting_score_alone": "{name}: {total}개 중 {right}개 맞힘",
    "my_handwriting_alt": "내가 쓴 {label}, 읽은 답 {answer}",
    # The buttons at the pad, to collect them
    "label_bar_prompt": "무슨 숫자를 그렸나요?",
    "label_bar_help": "숫자를 그린 다음 무슨 숫자인지 고르세요. 그 그림은 모아 두고 그림판은 다음 "
    "숫자를 위해 비워요.",
    "label_bar_done": "다 했어요",
    "label_bar_yes": "추가하기",
    "label_bar_no": "추가하지 않기",
    "label_bar_button": "{digit} ({count}개 모음)",
    "label_bar_progress": "숫자 열 개 중 {count}개. 남은 숫자: {missing}.",
    "label_bar_complete": "열 개를 모두 모았어요. “다 했어요”를 누르면 누가 가장 잘 읽는지 볼 수 "
    "있어요.",
    # Train
    "recipe": "레시피",
    "recipe_info": "레시피는 신경망과 그 학습 방법이에요",
    "recipe_facts": "{summary} 매개변수 {parameters:,}개: 학습하면서 조절하는 수예요.",
    "registered_summary": "{name}, 이 페이지에 따로 더한 레시피예요. {source}",
    "own_network_summary": "직접 만든 층으로 된 신경망을 {name} 레시피처럼 학습시켜요.",
    "softmax_summary": "가장 단순한 신경망: 숫자마다 가중치 그림이 하나씩 있어요.",
    "mlp_summary": "층이 세 개이고, 유닛(계산 단위)마다 바로 앞 층을 전부 봐요. 레시피 그대로면 "
    "코어 두 개로 1분쯤 걸려요.",
    "simple_cnn_summary": "그림 위를 미끄러지는 작은 필터(합성곱)가 두 층 있어요. 레시피 "
    "그대로면 코어 두 개로 7분쯤 걸려요.",
    "deep_cnn_summary": "필터가 세 층이고, 층마다 앞 층이 찾은 것에서 모양을 찾아요. 레시피 "
    "그대로면 코어 두 개로 10분쯤 걸려요.",
    "fast_cnn_summary": "몇 초 만에 배우도록 만들었어요. 첫 필터는 고정된 물결무늬라서 배울 "
    "필요가 없어요.",
    "robust_cnn_summary": "필터가 일곱 층이에요. 구부리고 다시 그린 숫자로도 학습해서 낯선 사람의 "
    "손글씨도 읽어요. 레시피 그대로면 코어 두 개로 45분 걸려요.",
    "layers": "층",
    "builder_title": "층 바꾸기",
    "builder_info": "그림이 층을 하나씩 지나면 마지막에 수 열 개가 남아요. 숫자마다 하나씩이에요. "
    "바꿀 층을 누르세요.",
    "builder_start": "시작할 레시피",
    "builder_custom": "직접 만든 것",
    "builder_own": "레시피의 원래 층으로",
    "builder_undo": "되돌리기",
    "builder_redo": "다시 하기",
    "builder_text": "글로 쓴 신경망",
    "builder_row": "신경망: 그림에서 열 개의 숫자까지 이어지는 층",
    "builder_picture": "그림",
    "builder_digits": "숫자 열 개",
    "builder_layer": "{layer}: 그림 하나로 수 {shape}개를 만듦, 매개변수 {parameters:,}개, "
    "곱셈 {multiplications:,}번",
    "builder_parameters": "매개변수",
    "builder_multiplications": "곱셈",
    "builder_total": "모두 더해 매개변수(학습하며 바꾸는 수)가 {parameters:,}개이고, 그림 하나에 "
    "이 수를 곱하는 횟수는 {multiplications:,}번이에요.",
    "builder_epoch": "1에포크는 학습 그림을 모두 한 번씩 보는 것이고, 이 컴퓨터로 약 {time} "
    "걸려요(방금 잰 값).",
    "builder_back": "← 앞으로",
    "builder_on": "뒤로 →",
    "builder_remove": "지우기",
    "builder_add": "바로 뒤에 넣기",
    "builder_last": "마지막 층에는 숫자마다 유닛이 하나씩 있어서 그대로 두어요.",
    "builder_foreign": "이 레시피의 신경망은 따로 만든 프로그램이라 층을 볼 수만 있어요. 직접 "
    "만들려면 다른 레시피에서 시작하세요.",
    "builder_live": "학습하는 동안: 층이 만드는 수의 크기(활성값)와, 그 수 하나하나에 따라 오차가 "
    "변하는 정도(그래디언트)예요. 막대가 10분의 1 길어지면 값은 여섯 배쯤 커요.",
    "builder_activations": "활성값",
    "builder_gradients": "그래디언트",
    "layer_help_conv": "합성곱: 맵 위를 미끄러지는 필터 N개. 크기를 쓰지 않으면 3x3이고, "
    "가장자리에 0을 둘러 크기를 지켜요(valid를 쓰면 두르지 않아요). stride 2는 한 픽셀씩 "
    "건너뛰어요",
    "layer_help_waves": "고정된 필터 N개: 코사인 물결과 그것을 뒤집은 것이며 학습하지 않아요. "
    "크기를 쓰지 않으면 5x5이고, 그림에 바로 써요",
    "layer_help_linear": "유닛 N개이고, 유닛마다 앞의 모든 수에 곱할 가중치가 있어요. xavier를 "
    "쓰면 첫 가중치를 Glorot와 Bengio의 방법으로 뽑아요",
    "layer_help_relu": "음수를 0으로 바꿔요",
    "layer_help_sigmoid": "수를 0과 1 사이로 좁혀요",
    "layer_help_tanh": "수를 -1과 1 사이로 좁혀요",
    "layer_help_gelu": "부드럽게 굽은 ReLU예요",
    "layer_help_pool": "최대 풀링: 2x2 창(또는 쓴 크기의 창)마다 가장 큰 수만 남겨요",
    "layer_help_avgpool": "2x2 창(또는 쓴 크기의 창)마다 평균만 남겨요",
    "layer_help_norm": "배치 정규화: 맵(또는 수)마다 평균과 편차를 학습한 값으로 맞춰요",
    "layer_help_dropout": "학습할 때마다 수 가운데 N의 비율만큼 새로 골라 0으로 바꿔요",
    "layer_help_normalize": "그림의 밝기를 MNIST 전체에서 평균 0, 편차 1이 되게 맞춰요",
    "layer_setting_filters": "필터 수",
    "layer_setting_size": "크기",
    "layer_setting_valid": "테두리 없음",
    "layer_setting_stride": "보폭",
    "layer_setting_units": "유닛 수",
    "layer_setting_share": "비율",
    "layer_setting_xavier": "xavier 초깃값",
    "layers_error_at": "{number}번째 층 {layer}: {told}",
    "layers_error_no_text": "층은 'conv 32, relu, pool' 같은 글이어야 해요 (받은 값: {value})",
    "layers_error_too_long": "층을 쓴 글이 {count:,}자예요. {most:,}자까지 읽어요",
    "layers_error_empty": "여기에 층이 빠졌어요. 층을 하나 쓰거나 쉼표를 지우세요",
    "layers_error_unknown_layer": "{found}: 그런 층은 없어요. 다음에서 고르세요: {words}",
    "layers_error_unknown_layer_near": "{found}: 그런 층은 없어요. 혹시 이것인가요? {nearest}",
    "layers_error_unknown_setting": "{setting}: 여기서는 뜻이 없어요. 이렇게 쓰세요: {usage}",
    "layers_error_missing": "수가 하나 필요해요({name}). 이렇게 쓰세요: {example}",
    "layers_error_twice": "같은 것을 두 번 썼어요({name}). 한 번만 쓰세요",
    "layers_error_out_of_bounds": "{name}: {low:,}에서 {high:,} 사이의 수여야 해요 "
    "(쓴 값: {value})",
    "layers_error_out_of_bounds_whole": "{name}: {low:,}에서 {high:,} 사이의 정수여야 해요 "
    "(쓴 값: {value})",
    "layers_error_not_square": "{value}: 정사각형이 아니에요. 이렇게 쓰세요: {first}x{first} "
    "또는 {second}x{second}",
    "layers_error_after_linear": "linear 층 뒤에는 맵이 없고 수만 있어서 {kind} 층이 볼 것이 "
    "없어요. 첫 linear 층 앞에 두세요",
    "layers_error_not_first": "{kind} 층은 그림에 바로 쓰는 것이에요. 맨 앞에 두세요",
    "layers_error_waves_in_pairs": "물결은 뒤집은 것과 짝을 이루고, {size}x{size} 픽셀에는 모두 "
    "{most}개가 있어요. 짝수로, {most}개까지 쓰세요",
    "layers_error_even_size": "{size}x{size} 픽셀에는 가운데 픽셀이 없어요. 뒤에 valid를 쓰거나 "
    "{odd}x{odd} 크기로 하세요",
    "layers_error_filter_too_large": "남은 {side}x{side} 픽셀에 {size}x{size} 필터가 들어가지 "
    "않아요. 더 작게 하거나, valid 또는 앞의 풀링을 빼세요",
    "layers_error_map_too_small": "남은 {side}x{side} 픽셀에 {size}x{size} 창이 들어가지 않아요. "
    "이 층을 빼거나 앞의 풀링을 빼세요",
    "layers_error_layers": "층이 {count:,}개가 돼요. 여기서는 {most:,}개까지예요",
    "layers_error_parameters": "이 층까지 매개변수가 {count:,}개예요. 여기서는 {most:,}개까지예요. "
    "필터나 유닛을 줄이거나 앞에 풀링을 넣으세요",
    "layers_error_multiplications": "이 층까지 그림 하나에 곱셈이 {count:,}번이에요. 여기서는 "
    "{most:,}번까지예요. 필터를 줄이거나 작게 하고, 또는 앞에 풀링을 넣으세요",
    "layers_error_outputs": "이 층까지 그림 하나로 만드는 수가 {count:,}개예요. 여기서는 "
    "{most:,}개까지예요. 필터를 줄이거나 앞에 풀링을 넣으세요",
    "settings": "설정 바꾸기",
    "settings_info": "레시피의 원래 값이 채워져 있어요. 다른 레시피를 고르면 그 레시피의 값으로 "
    "바뀌어요.",
    "settings_reset": "레시피의 원래 값으로",
    "form_changed": "바꿈: {changes}",
    "optimizer": "옵티마이저",
    "optimizer_info": "오차를 보고 가중치를 바꾸는 규칙",
    "optimizer_sgd": "sgd",
    "optimizer_adam": "adam",
    "optimizer_adamw": "adamw",
    "schedule": "스케줄",
    "schedule_info": "학습하는 동안 학습률이 변하는 방식",
    "schedule_constant": "일정",
    "schedule_one_cycle": "높였다 낮춤",
    "learning_rate": "학습률",
    "learning_rate_info": "한 스텝에 가중치를 바꾸는 정도",
    "momentum": "모멘텀",
    "momentum_info": "지난 스텝을 이어 가는 정도 (SGD에서만)",
    "weight_decay": "가중치 감쇠",
    "weight_decay_info": "가중치를 0으로 당기는 세기",
    "label_smoothing": "라벨 스무딩",
    "label_smoothing_info": "라벨의 일부를 모든 숫자에 나누는 정도",
    "dropout": "드롭아웃",
    "batch_size": "배치 크기",
    "batch_size_info": "한 스텝에 보는 이미지 수",
    "epochs": "에포크",
    "epochs_info": "학습 이미지 전체를 보는 횟수",
    "seed": "시드",
    "seed_info": "시드가 같으면 처음 가중치와 이미지 순서가 같아요",
    "experiments": "데이터로 실험하기",
    "experiments_info": "이미지가 적거나 라벨(정답)이 틀리면 신경망은 무엇을 배울까요? 테스트 "
    "이미지는 그대로 두고, 여기서 바꾼 것은 다른 레시피를 골라도 남아요.",
    "experiments_reset": "레시피의 원래 데이터로",
    "train_images": "학습 이미지",
    "train_images_info": "100~60,000(60,000은 전체)",
    "label_noise": "틀린 라벨",
    "label_noise_info": "다른 숫자로 바꿀 라벨의 비율, 0~1",
    "excluded_digit": "숫자 하나 빼기",
    "excluded_digit_info": "이 숫자는 보여 주지 않아요",
    "excluded_digit_none": "없음",
    "augmentation": "데이터 증강",
    "augmentation_info": "이미지를 볼 때마다 바꿔요",
    "augmentation_none": "끔",
    "augmentation_handwriting": "다른 사람 글씨처럼",
    "add_user_digits": "내 숫자 {count}개도 학습하기",
    "train_button": "학습 시작",
    "pause_button": "일시정지",
    "resume_button": "계속하기",
    "train_new_button": "새로 학습",
    "resume_one_epoch": "1에포크 더 학습",
    "resume_epochs": "{epochs}에포크 더 학습",
    "learning_rate_now": "지금 학습률",
    "weight_decay_now": "지금 가중치 감쇠",
    "label_smoothing_now": "지금 라벨 스무딩",
    "dropout_now": "지금 드롭아웃",
    "settings_now_hint": "학습하는 도중에 바꿔 보세요. 수를 쓰고 Enter 키를 누르거나, 멈췄다가 "
    "계속하면 돼요.",
    "settings_now_done": "설정을 바꿀 학습이 없어요.",
    "settings_now_no_dropout": "이 신경망에는 드롭아웃 층이 없어서 바꿀 것이 없어요.",
    "momentum_not_for": "모멘텀 {momentum}: sgd에서만 쓸 수 있어요. {optimizer} 옵티마이저에는 "
    "따로 있으니 0으로 두세요",
    "batch_cut": "배치 크기를 줄였어요({asked:,} → {batch_size:,}). 학습 이미지가 더 없어요.",
    "train_ready": "‘학습 시작’을 누르세요. 신경망은 무작위 가중치에서 시작해요.",
    "train_starting": "시작 중…",
    "train_running": "{name} 학습 중: 에포크 {epoch} / {epochs}",
    "train_stopped": "{epochs:.1f}에포크 학습하고 멈췄어요. 처음 보는 테스트 이미지 {count:,}장 중 "
    "{accuracy:.2%}를 맞혀요.",
    "train_done": "다 됐어요. 처음 보는 테스트 이미지 {count:,}장 중 {accuracy:.2%}를 맞혀요.",
    "train_diverged": "학습이 끝났어요. 손실이 더는 수가 아니에요. 학습률이 "
    "{learning_rate:g}인데, 여기서는 너무 높으니 10분의 1로 낮춰 보세요. 조금 전의 "
    "가중치는 남아 있어요.",
    "train_use": "이제 그리기와 갤러리에 “{name}” 모델이 선택되어 있어요. 나만 쓸 수 있어요.",
    "train_nothing": "계속할 학습이 없어요. 먼저 ‘학습 시작’을 누르세요.",
    "fact_epoch": "에포크",
    "fact_step": "스텝",
    "fact_speed": "초당 이미지 수",
    "fact_left": "남은 시간",
    "fact_time": "학습 시간",
    "fact_accuracy": "테스트 정확도",
    "fact_loss": "테스트 손실",
    # The queue: who waits, and what a training may take
    "queue_next": "다른 사람이 학습하고 있어요. 다음 차례예요.",
    "queue_position": "다른 사람이 학습하고 있어요. 대기 순서는 {number}번째예요.",
    "queue_leave": "대기 그만두기",
    "queue_full": "이미 {count}명이 학습을 기다리고 있어요. 몇 분 뒤에 다시 해 보세요.",
    "queue_host_ended": "서버 운영자가 이 학습을 끝냈어요.",
    "queue_unheard": "아무도 이 학습을 보고 있지 않아 끝냈어요.",
    "queue_twice": "이미 차례를 기다리고 있어요.",
    "fact_start": "내 차례",
    "queue_starts_in": "약 {time} 뒤",
    "span_seconds": "{seconds}초",
    "span_minutes": "{minutes}분",
    "span_both": "{minutes}분 {seconds}초",
    "budget_steps": "이 서버에서는 한 번에 {steps:,}스텝까지 학습할 수 있어요.",
    "budget_time": "이 서버에서는 한 번에 {time}까지 학습할 수 있어요.",
    "budget_steps_time": "이 서버에서는 한 번에 {steps:,}스텝 또는 {time}까지, 먼저 닿는 쪽까지 "
    "학습할 수 있어요.",
    "budget_one": "한 번에 한 명씩 학습하고, 나머지는 차례를 기다려요.",
    "budget_many": "동시에 {count}명까지 학습하고, 나머지는 차례를 기다려요.",
    "budget_spent_steps": "이 서버에서는 한 번에 {steps:,}스텝까지 학습할 수 있어요. "
    "‘계속하기’를 누르면 그만큼 더 할 수 있어요.",
    "budget_spent_time": "이 서버에서는 한 번에 {time}까지 학습할 수 있어요. "
    "‘계속하기’를 누르면 그만큼 더 할 수 있어요.",
    "train_memory": "이 학습에 쓸 메모리가 모자랐어요. 배치 크기를 줄이면 덜 써요.",
    "train_broke": "이 학습에 문제가 생겼어요. 원인은 서버 운영자가 볼 수 있어요. 다른 학습은 "
    "계속돼요.",
    "train_silent": "학습하는 프로세스가 응답하지 않아서 끝냈어요. 다음 학습은 새 프로세스에서 "
    "시작해요.",
    "train_files_changed": "프로그램을 시작한 뒤에 프로그램 파일이 바뀌어서 학습할 수 없어요. 서버 "
    "운영자가 프로그램을 다시 시작해야 해요.",
    "time_short": "{seconds:.1f}초",
    "time_seconds": "{seconds:.0f}초",
    "time_minutes": "{minutes}분 {seconds:02d}초",
    # Its curves, and the table of runs
    "loss_chart": "손실: 얼마나 틀리는지",
    "accuracy_chart": "정확도: 얼마나 맞히는지",
    "chart_empty": "여기에 곡선이 나타나요.",
    "series_train": "학습 이미지",
    "series_test": "테스트 이미지",
    "axis": "가로축",
    "axis_step": "스텝",
    "axis_epoch": "에포크",
    "axis_seconds": "시간(초)",
    "smoothing": "부드럽게",
    "log_scale": "손실을 로그 눈금으로",
    "runs": "학습 기록",
    "runs_show": "{name} 곡선 보기",
    "runs_head": "기록",
    "runs_seed": "시드",
    "runs_epochs": "에포크",
    "runs_seconds": "시간(초)",
    "runs_train_loss": "학습 손실",
    "runs_test_loss": "테스트 손실",
    "runs_accuracy": "테스트 정확도",
    "runs_rename": "이름 변경",
    "runs_new_name": "새 이름",
    "runs_delete": "삭제",
    "runs_clear": "모두 삭제",
    "runs_removed": "{count}개를 지웠어요.",
    "runs_undo": "되돌리기",
    "runs_running": "학습 중",
    "runs_model": "모델 저장",
    "runs_script": "파이썬 스크립트로 저장",
    "runs_curves": "곡선 저장 (CSV)",
    "runs_open": "저장한 모델 열기",
    "runs_opened": "이제 그리기와 갤러리에 “{name}” 모델이 선택되어 있어요. 나만 쓸 수 있어요.",
    "runs_gone": "이 학습 기록은 이제 없어요.",
    "runs_no_model": "이 기록의 모델은 이제 없어요. 최근 것 {count}개만 보관해요.",
    "runs_no_script": "학습 스크립트가 없어요. 모델만 있는 기록이거나 다른 학습의 가중치로 시작한 "
    "학습이에요.",
    "runs_bad_name": "이름은 1자부터 {most}자까지 쓸 수 있어요.",
    "runs_name_taken": "“{name}” 모델이 이미 있어요.",
    "runs_refused": "이 파일은 열 수 없어요: {reason}.",
    "runs_too_large": "{most} MB보다 커요",
    "runs_not_safetensors": ".safetensors 파일이 아니에요 (다른 형식에는 프로그램이 들어 있을 수 "
    "있어 이 형식만 읽어요)",
    "runs_not_ours": "여기서 저장한 모델이 아니에요 ({reason})",
    "runs_no_numbers": "신경망이 내놓는 답이 숫자가 아니에요",
    # Watch it learn
    "live_view_title": "배우는 모습 보기",
    "live_view_hint": "학습하는 동안 테스트 숫자 20개와 내 그림, 첫 가중치를 봐요",
    "live_view_help": "테스트 이미지는 학습에 쓰지 않는 이미지예요. 테두리가 실선이면 맞힌 것, "
    "점선이면 틀린 것이에요.",
    "live_view_alt": "실제 {label}, 읽은 답 {answer}, {share:.0%}",
    "live_view_right": "{total}개 중 {right}개 맞힘",
    "live_view_drawing": "내 그림: 숫자별 확률",
    "live_view_no_drawing": "‘학습 시작’을 누르기 전에 그리기 탭에서 숫자를 그리면 여기서 지켜볼 "
    "수 "
    "있어요.",
    "live_view_drawing_alt": "내 그림",
    "live_view_weights": "첫 층의 가중치예요. 그림마다 유닛 하나가 무엇을 찾는지 보여 줘요. "
    "파란 곳의 획에 더 활발해지고 주황 곳의 획에 덜해져요.",
    "live_view_prompt": "‘학습 시작’을 누르면 움직이기 시작해요.",
    # Back through the training
    "playback_title": "학습 과정 되돌아보기",
    "playback_hint": "학습 도중 여러 순간에 무엇을 얼마나 잘 읽었는지 봐요",
    "playback_help": "학습하는 동안의 신경망을 사진처럼 최대 30번 남겨 둔 것이에요. 큰 신경망이나 "
    "오래된 기록은 더 적게 남아요. 슬라이더를 움직이거나 영화처럼 재생해 보세요.",
    "playback_prompt": "먼저 신경망을 학습시키세요. 그러면 학습 도중의 모습으로 되돌아갈 수 "
    "있어요.",
    "playback_none": "“{name}”의 순간은 남아 있지 않아요. 모델만 있는 기록이거나, 새 학습이 자리를 "
    "차지했어요.",
    "playback_gone": "이 순간은 이제 남아 있지 않아요.",
    "playback_moment": "스텝 {step:,}, 에포크 {epochs:.2f}, {seconds}",
    "playback_slider": "학습의 순간",
    "playback_digits": "그때 읽은 테스트 숫자예요. 테두리가 실선이면 맞힌 것, 점선이면 틀린 "
    "것이에요.",
    "playback_tested": "테스트 이미지 {count:,}장 중 {accuracy:.1%}를 맞혔어요",
    "playback_tested_so_far": "지금까지 테스트 이미지 {count:,}장 중 {accuracy:.1%}를 맞혔어요. "
    "계속 읽는 중이에요",
    "playback_reads": "그때의 답: 내 그림은 {digit} ({share:.0%})",
    "playback_no_drawing": "그리기 탭에서 숫자를 그리면 그때의 신경망이 무엇으로 읽었을지 여기서 "
    "알려 줘요.",
    "playback_curve": "학습하는 동안 내 그림을 어떻게 읽었을까요? 숫자별 확률",
    "playback_curve_since": "스텝 {step:,}부터는 답이 계속 {digit} 그대로예요.",
    "playback_curve_late": "끝에 가서, 스텝 {step:,}에서 답이 바뀌었어요: {before} → {digit}.",
    "playback_curve_always": "처음부터 끝까지 답이 {digit} 그대로예요.",
    "playback_testing": "테스트 이미지를 읽고 있어요…",
    "playback_save": "모델로 저장",
    "playback_go_on": "여기서부터 이어서 학습",
    "playback_go_on_help": "저장한 순간은 그리기와 갤러리에서 고를 수 있어요. ‘여기서부터 이어서 "
    "학습’은 이 순간에서 시작하는 새 학습으로, 그다음 이미지로 이어서 학습해요. 옵티마이저의 "
    "모멘텀이 처음부터 다시 쌓여서 곡선이 처음 것과 조금 다를 수 있어요. 이런 학습은 스크립트로 "
    "저장할 수 없어요.",
    "playback_saved": "저장했어요. 이제 그리기와 갤러리에 “{name}” 모델이 선택되어 있어요. 나만 쓸 "
    "수 있어요.",
    "playback_model": ", 스텝 {step:,}",
    "playback_new_run": ", 스텝 {step:,}부터",
    "change_moment": "{step:,}스텝 뒤의 모습",
    "change_started_from": "스텝 {step:,}의 가중치로 시작",
    # How a run did
    "report_title": "얼마나 잘했을까요?",
    "report_hint": "숫자별 정확도, 혼동 행렬, 가장 확신하고 틀린 숫자",
    "report_prompt": "먼저 신경망을 학습시키거나 위에서 기록을 고르세요.",
    "report_gone": "이 기록의 모델은 이제 없어요.",
    "report_run": "“{name}” 모델은 처음 보는 테스트 이미지 {count:,}장 중 {right:,}장을 맞히고 "
    "{wrong:,}장을 틀려요.",
    "report_run_seen": "“{name}” 모델은 테스트 이미지 {count:,}장 중 {right:,}장을 맞히고 "
    "{wrong:,}장을 틀려요. 다만 학습할 때 본 이미지예요.",
    "report_speed": "학습 시간은 {seconds}, 속도는 초당 이미지 {speed:,.0f}장이에요.",
    "report_published": "튜토리얼이 밝힌 정확도는 {published}, 이 학습의 정확도는 "
    "{accuracy:.2%}예요.",
    "report_published_other": "튜토리얼이 밝힌 정확도: {published}. MNIST 전체를 레시피 설정 "
    "그대로 {epochs}에포크 학습한 값이라, 이 학습과는 조건이 달라요.",
    "report_digits": "숫자별로 얼마나 맞히는지",
    "report_mistakes": "가장 확신하고 틀린 숫자",
    "report_no_mistakes": "하나도 틀리지 않았어요.",
    "report_confusion": "무엇을 무엇으로 읽는지 (혼동 행렬)",
    # The league of runs
    "league_title": "리그",
    "league_hint": "정확도와 매개변수로 본 내 기록: 얼마나 적어도 될까요?",
    "league_help": "점 하나가 내 기록 하나예요. 위로 갈수록 테스트 숫자를 더 많이 맞히고, "
    "왼쪽으로 갈수록 매개변수(학습하면서 조절하는 수)가 적어요. 두 축 모두 로그 눈금이에요. "
    "가로축은 눈금 하나마다 열 배가 되고, 세로축은 90%에서 99%로 올라가면 틀린 답이 10분의 1로 "
    "줄어요.",
    "league_chart": "내 기록: 매개변수 수에 따른 테스트 정확도. 아래 표와 같아요",
    "league_up": "↑ 테스트 정확도",
    "league_along": "매개변수 →",
    "league_front": "파레토 경계: 매개변수가 같거나 더 적은 다른 기록에 지지 않는 내 기록",
    "league_on_front": "경계에 있음",
    "league_record": "공개된 기록, 매개변수 {parameters}개에 {accuracy:.2%} (JoshWarn의 "
    "Parameter-Efficient-MNIST). 700번쯤 학습시켜 바로 그 테스트 이미지로 가장 좋은 것을 골랐으니 "
    "운도 섞여 있어요",
    "league_record_name": "공개된 기록",
    "league_best": "{goal:.0%} 이상인 내 기록 중 매개변수가 가장 적은 것: “{name}”, "
    "{parameters:,}개. 정확도는 {accuracy:.2%}예요.",
    "league_none": "아직 테스트 숫자의 {goal:.0%}, 그만큼 맞히는 기록이 없어요.",
    "league_other_images": "내 기록은 함께 들어 있는 숫자로 테스트했어요. MNIST의 테스트 이미지와 "
    "다르고 더 적어서, 공개된 기록과 견줄 수 없어요.",
    # Links and lessons
    "link_copy": "이 설정의 링크 복사",
    "link_copy_drawing": "이 그림의 링크 복사",
    "link_copy_view": "이 화면의 링크 복사",
    "link_no_drawing": "먼저 그림을 그리세요. 사진은 링크에 담지 않고, 테스트 숫자의 링크는 "
    "갤러리에서 복사할 수 있어요.",
    "drawing_refused": "이 링크의 그림은 읽을 수 없어요.",
    "link_copied": "복사했어요.",
    "link_failed": "주소창에서 주소를 복사하세요.",
    "link_refused": "이 페이지의 주소에 쓸 수 없는 부분이 있어요: {reason}.",
    "link_too_many": "링크에는 설정을 {most}개까지 담을 수 있어요 (들어 있는 설정: {count}개)",
    "link_uneven": "{name}: 값이 {count}개인데 다른 것은 {others}개예요",
    "lesson_guess": "학습하기 전에 예상해 보세요. 어느 것이 테스트 숫자를 가장 많이 맞힐까요?",
    "lesson_first": "먼저 예상을 고르세요. 그러면 학습시킬 수 있어요.",
    "lesson_own_guess": "내 예상",
    "lesson_set_ups": "비교할 설정이 {count}개 있어요. 하나를 골라 ‘학습 시작’을 누르거나, 모두 "
    "학습시키세요.",
    "lesson_train_all": "차례로 모두 학습시키기",
    "lesson_training_all": "차례로 학습하고 있어요. ‘일시정지’를 누르면 멈춰요.",
    "lesson_best": "모두 학습했어요. 숫자를 가장 많이 맞히는 것: {best}.",
    "lesson_guessed": "내 예상: {name}. 이제 모두 학습시키거나, 하나를 골라 ‘학습 시작’을 "
    "누르세요.",
    "lesson_done": "{name}: {accuracy:.2%}",
    "lesson_begun": "{name}: 지금까지 {accuracy:.2%}",
    "lesson_right": "예상이 맞았어요.",
    "lesson_wrong": "예상은 {name}, 하지만 이번에는 {best} 쪽이 이겼어요.",
    "lessons_title": "수업",
    "lessons_hint": "질문 여덟 가지: 예상해 보고, 학습시켜, 결과를 확인해 보세요",
    "lessons_try": "해 볼 것",
    "lessons_look": "살펴볼 것",
    "lessons_learnt": "알게 되는 것 (먼저 해 보세요)",
    "lessons_open": "이 수업 열기",
    "lesson_filters_title": "픽셀로 볼까, 모양으로 볼까",
    "lesson_filters_question": "softmax는 그림을 수 784개로 보고, simple_cnn은 작은 필터를 그림 "
    "위로 미끄러뜨려요. 어느 쪽이 숫자를 더 많이 맞힐까요?",
    "lesson_filters_try": "예상한 다음, 둘 다 2에포크(학습 이미지 전체를 두 번) 학습시켜 보세요.",
    "lesson_filters_look": "두 정확도 곡선: 저마다 끝나는 곳과, 거기에 이르는 빠르기.",
    "lesson_filters_learnt": "우리가 해 보니 처음 것은 90 %, 두 번째 것은 98 %를 맞혔어요. 획을 "
    "배운 필터는 그 획을 그림 어디에서나 찾지만, 다른 쪽은 자리마다 새로 배워야 해요.",
    "lesson_steps_title": "너무 작은 걸음, 알맞은 걸음, 너무 큰 걸음",
    "lesson_steps_question": "너무 낮은 학습률, 알맞은 학습률, 너무 높은 학습률은 각각 어느 "
    "것이고, 어느 것이 이길까요?",
    "lesson_steps_try": "학습률은 한 스텝에 가중치를 얼마나 바꾸는지를 뜻해요. 예상한 다음, 같은 "
    "신경망을 세 가지 학습률로 학습시켜 보세요.",
    "lesson_steps_look": "손실 곡선: 어느 것이 천천히 내려가고, 어느 것이 빨리 내려가고, 어느 것이 "
    "튀나요?",
    "lesson_steps_learnt": "우리가 해 보니 0.0002는 61 %, 0.1은 91 %, 20은 86 %를 맞혔어요. 걸음이 "
    "너무 작으면 제때 닿지 못하고, 너무 크면 목표를 자꾸 뛰어넘어요.",
    "lesson_few_title": "이미지가 600장뿐이라면",
    "lesson_few_question": "배울 이미지가 600장뿐이에요. 구부리고 돌리면 도움이 될까요?",
    "lesson_few_try": "데이터 증강은 이미지를 볼 때마다 조금씩 구부리고, 돌리고, 크기를 "
    "바꾸는 거예요. 예상한 다음, 둘 다 학습시켜 보세요.",
    "lesson_few_look": "학습 이미지의 손실과 테스트 이미지의 손실이 서로 벌어지는 모습.",
    "lesson_few_learnt": "우리가 해 보니 증강 없이 91 %, 증강하면 95 %였어요. 구부린 이미지는 거의 "
    "새 이미지라서, 신경망은 600장을 외우지 못하고 공통점을 배워야 해요.",
    "lesson_wrong_title": "정답이 틀렸다면",
    "lesson_wrong_question": "배우는 정답 가운데 틀린 것이 하나도 없거나, 절반이거나, 다섯 "
    "중 넷이에요. 그래도 얼마나 잘 읽을까요?",
    "lesson_wrong_try": "예상한 다음, 이미지 5,000장으로 셋 다 학습시켜 보세요. 테스트 "
    "이미지의 정답은 그대로예요.",
    "lesson_wrong_look": "틀린 라벨의 비율과 테스트 정확도, 그리고 높은 채로 머무는 학습 "
    "이미지의 손실.",
    "lesson_wrong_learnt": "우리가 해 보니 96 %, 92 %, 66 %였어요. 틀린 정답은 아홉 숫자로 "
    "흩어지고 맞는 정답은 늘 하나예요. 그래서 다섯 중 넷이 틀려도 맞는 정답이 여전히 가장 많아요.",
    "lesson_unseen_title": "한 번도 못 본 숫자",
    "lesson_unseen_question": "배우는 동안 7을 한 번도 보여 주지 않아요. 그 숫자를 보면 "
    "무엇이라고 할까요?",
    "lesson_unseen_try": "학습시킨 다음, 그리기 탭에서 7을 그려 보세요. 새 모델이 골라져 있어요.",
    "lesson_unseen_look": "곡선 아래의 ‘얼마나 잘했을까요?’에서, 7의 줄: 7을 어느 숫자로 보았는지.",
    "lesson_unseen_learnt": "신경망은 배운 답만 할 수 있어요. 우리가 해 보니 7의 56 %를 9라고, 28 "
    "%를 2라고 했어요. 7과 획이 닮은 숫자들이에요. 기껏해야 자신이 없다고 "
    "할 뿐, 처음 보는 것이라고 말하지는 않아요.",
    "lesson_depth_title": "깊은 신경망: 시그모이드일까, ReLU일까?",
    "lesson_depth_question": "시그모이드 한 층, 시그모이드 다섯 층, ReLU 다섯 층. 어느 것이 "
    "숫자를 가장 많이 맞힐까요?",
    "lesson_depth_try": "층이 만든 수는 다음 층으로 가기 전에 한 번 구부려요. 시그모이드는 수를 "
    "0에서 1 사이로 눌러 담고, ReLU는 음수만 0으로 바꿔요. 예상한 다음 ‘층 바꾸기’를 펼치고 셋 다 "
    "학습시켜 보세요.",
    "lesson_depth_look": "학습하는 동안 ‘층 바꾸기’에 보이는 그래디언트 막대. 그래디언트는 그 "
    "수에 따라 오차가 얼마나 달라지는지이고, 한 스텝에 가중치를 얼마나 바꿀지를 정해요. 막대는 "
    "어디에서 짧아지나요?",
    "lesson_depth_learnt": "우리가 해 보니 95 %, 11 %, 96 %였어요. 그림 쪽으로 되돌아가며 "
    "시그모이드를 지날 때마다 그래디언트가 작아져요. 다섯 번 지난 첫 층에서는 마지막 층의 "
    "34,000분의 1이었고, ReLU라면 190분의 1이었어요. 그래서 앞쪽 층이 거의 바뀌지 않아요(기울기 "
    "소실). 11 %는 언제나 1이라고 답할 때 맞히는 만큼이에요.",
    "lesson_pooling_title": "풀링은 왜 할까",
    "lesson_pooling_question": "풀링 없이, 작은 풀링 두 번, 끝에서 그림 전체를 한 번에 풀링. 어느 "
    "것이 숫자를 가장 많이 맞힐까요? 그리고 숫자를 옆으로 밀어도 맞히는 것은 어느 것일까요?",
    "lesson_pooling_try": "풀링은 칸마다 가장 큰 수만 남겨요. 2x2 칸이면 수 28x28개가 14x14개로 "
    "줄어요. 예상한 다음 이미지 20,000장으로 셋 다 학습시키고, 그리기 탭에서 숫자를 그려 ‘어떻게 "
    "하면 틀릴까요?’에서 옆으로 밀어 보세요.",
    "lesson_pooling_look": "기록 아래 ‘리그’에서 셋의 정확도와 매개변수(학습하면서 조절하는 수). "
    "그리고 내 숫자를 얼마나 밀어도 맞히는지.",
    "lesson_pooling_learnt": "우리가 해 보니 97.7 %, 97.7 %, 96.4 %였어요. 작은 풀링 두 번이면 "
    "매개변수 9,098개로, 풀링 없이 126,698개인 것만큼 맞혔고 계산 시간은 절반을 조금 넘었어요. "
    "밀어 놓은 숫자에는 도움이 되지 않았어요. 오른쪽으로 4픽셀 민 테스트 숫자를 이 둘은 똑같이 48 "
    "% 맞혔어요. 세 번째 것은 95 %를 맞혔어요. 그림 전체를 풀링하면 무엇이 어디에 있었는지를 잊기 "
    "때문이에요.",
    "lesson_parameters_title": "98 %에 매개변수가 몇 개나 필요할까?",
    "lesson_parameters_question": "선형 층으로 매개변수 25,450개, 합성곱으로 3,282개 또는 "
    "1,650개. 어느 것이 숫자를 가장 많이 맞힐까요? 그리고 98 %를 맞히려면 몇 개면 될까요?",
    "lesson_parameters_try": "매개변수는 학습하면서 조절하는 수예요. 예상한 다음 셋 다 학습시켜 "
    "보세요. 그다음 ‘층 바꾸기’에서 필터나 층을 빼거나 더해 다시 학습시켜 보세요.",
    "lesson_parameters_look": "기록 아래의 ‘리그’: 98 % 선이나 그 위에서 얼마나 왼쪽까지 갈 수 "
    "있는지.",
    "lesson_parameters_learnt": "우리가 해 보니 96.6 %, 98.6 %, 97.8 %였어요. 필터(합성곱)는 몇 "
    "개 안 되는 매개변수를 그림 어디에서나 쓰지만, 선형 층은 픽셀마다 따로 있어야 해요. 공개된 "
    "기록은 697개로 99.03 %인데, 700번쯤 학습시켜 테스트 이미지로 가장 좋은 것을 고른 거예요.",
    "lesson_editor_title": "수업 만들기",
    "lesson_editor_hint": "반에 나눠 줄 링크: 질문, 비교할 설정, 숨길 것",
    "lesson_editor_question": "질문 (비워 두어도 돼요)",
    "lesson_editor_set_ups": "설정",
    "lesson_editor_none": "아직 없어요. 위에서 레시피와 설정을 고른 다음 추가하세요.",
    "lesson_editor_add": "위의 설정 추가",
    "lesson_editor_twice": "이 설정은 이미 수업에 들어 있어요",
    "lesson_editor_remove": "빼기",
    "lesson_editor_hide": "학생에게 숨길 것",
    "lesson_editor_link": "링크 (새 탭에서 열려요)",
    "lesson_editor_copy": "링크 복사",
    "lesson_editor_copied": "복사했어요.",
    "change_layers": "신경망 {value}",
    "change_images": "이미지 {value:,}장",
    "change_all_images": "이미지 전체",
    "change_noise_labels": "틀린 라벨 {value:.0%}",
    "change_excluded_digit": "{value} 빼고",
    "change_no_digit": "모든 숫자",
    "change_augmented": "데이터 증강",
    "change_not_augmented": "증강 없음",
    "change_user_digits": "내 숫자 {value}개",
    "change_on_the_way": "도중에 바꿈: {names}",
    "change_setting": "{name} {value}",
    # Gallery
    "order": "순서",
    "order_hardest": "어려운 것부터",
    "order_unsure": "확신이 낮은 것부터",
    "order_disagreement": "두 모델이 가장 엇갈리는 것부터",
    "order_index": "번호순",
    "order_random": "무작위",
    "order_hardest_help": "어려운 것, 곧 라벨(정답)의 확률을 가장 낮게 본 것부터 나와요.",
    "order_unsure_help": "답의 확률이 가장 낮은 것부터 나와요.",
    "order_disagreement_help": "{model} 모델과 {other} 모델이 가장 엇갈리는 것부터 나와요. 한 "
    "숫자에서 다른 숫자로 옮겨야 할 확률이 클수록 앞에 나와요.",
    "order_index_help": "테스트 세트의 순서대로 나와요.",
    "order_random_help": "무작위로 나와요. 시드가 같으면 순서도 같아요.",
    "shuffle": "섞기",
    "mixed_up": "무엇을 헷갈릴까요?",
    "mixed_up_help": "혼동 행렬: 행은 라벨(실제 숫자), 열은 모델의 답이에요. 틀린 "
    "답은 주황색이고 많을수록 진해요. 맞힌 답은 파란색이에요. 칸을 고르면 그 숫자들이 보여요.",
    "confusion_title": "혼동 행렬: 라벨별로 각 답이 나온 숫자의 개수",
    "confusion_rows": "라벨",
    "confusion_columns": "답",
    "confusion_one": "라벨 {label}, 답 {prediction}: 숫자 {count}개",
    "confusion_cell": "라벨 {label}, 답 {prediction}: 숫자 {count}개",
    "label_choice": "라벨",
    "prediction_choice": "답",
    "any_digit": "모두",
    "shown": "보기",
    "shown_all": "모두",
    "shown_right": "맞힌 것",
    "shown_wrong": "틀린 것",
    "shown_both": "두 모델 모두 맞힌 것",
    "shown_first": "첫째 모델만 맞힌 것",
    "shown_second": "둘째 모델만 맞힌 것",
    "shown_neither": "두 모델 모두 틀린 것",
    "show_all": "모두 보기",
    "two_models": "두 모델은 어디서 다를까요?",
    "other": "둘째 모델",
    "one_model": "둘째 모델 없이",
    "agreement_prompt": "비교할 둘째 모델을 고르세요.",
    "agreement_label": "누가 맞히는지",
    "agreement_both": "둘 다 맞힌 것",
    "agreement_first": "{first} 모델만 맞힌 것",
    "agreement_second": "{second} 모델만 맞힌 것",
    "agreement_neither": "둘 다 틀린 것",
    "agreement_seen_both": "두 모델 모두 학습할 때 이 숫자들을 보았어요.",
    "agreement_seen_one": "{seen} 모델은 학습할 때 이 숫자들을 보았고, {unseen} "
    "모델은 보지 않았어요.",
    "agreement_seen_none": "두 모델 모두 학습할 때 이 숫자들을 보지 않았어요.",
    "gallery_reading": "**{model}** 모델이 테스트 이미지를 모두 읽고 있어요…",
    "gallery_summary": "**{model}** 모델은 처음 보는 테스트 이미지 **{total:,}장 중 "
    "{right:,}장**을 맞혀요 ({accuracy:.2%}).",
    "gallery_summary_seen": "**{model}** 모델은 테스트 이미지 **{total:,}장 중 {right:,}장**을 "
    "맞혀요 ({accuracy:.2%}). 다만 학습할 때 본 이미지예요.",
    "gallery_loss": "손실은 **{loss:.4f}**, 정답에 준 확률이 낮을수록 커지는 수예요.",
    "gallery_both": "숫자 아래의 두 답 중 첫째는 {model}, 둘째는 {other} 모델의 답이에요.",
    "gallery_shown": "**{count:,}개**를 보여 줘요: {filters}.",
    "gallery_none": "해당하는 숫자가 없어요: {filters}.",
    "filter_label": "라벨 {digit}",
    "filter_prediction": "답 {digit}",
    "gallery_label": "테스트 숫자: 답과 확률, 답과 다를 때는 라벨",
    "gallery_keys": "화살표 키로 숫자 사이를 옮겨 다니고, Page Up과 Page Down으로 쪽을 넘기고, "
    "Enter 키로 숫자를 열고, ← → 키로 옆 숫자를 보고, Esc 키로 닫아요.",
    "page_previous": "이전",
    "page_next": "다음",
    "page_number": "쪽",
    "page_of": "{pages}쪽 중 {page}쪽",
    "tile_right": "✓ {prediction}",
    "tile_wrong": "✗ {prediction}",
    "tile_right_detail": "{share:.0%}",
    "tile_wrong_detail": "{share:.0%} 라벨 {label}",
    "tile_both_right": "✓ {prediction} {share:.0%}",
    "tile_both_wrong": "✗ {prediction} {share:.0%}",
    "tile_both_detail": "라벨 {label}",
    "tile_both_alt": "{alt}; 둘째 모델의 답 {prediction}, {share:.0%}",
    "tile_alt": "테스트 숫자 {index}번, 라벨 {label}, 답 {prediction}, {share:.0%}",
    "detail_title": "테스트 숫자 {index}번: 라벨 {label}",
    "detail_summary": "모델 {total}개 중 {right}개가 맞혀요. 각 열은 숫자 열 개의 확률이고, "
    "단위는 %예요.",
    "detail_previous": "이전 숫자",
    "detail_next": "다음 숫자",
    "detail_close": "닫기 (Esc)",
    "detail_draw": "그리기에서 열기",
    "detail_model": "모델",
    "detail_answer": "답",
    "detail_share": "확률",
    "reasons_title": "{model} 모델의 답은 왜 {answer}인가요?",
    "neighbours_title": "가장 닮은 학습 숫자",
    "neighbours_wait": "{model} 모델이 학습 숫자 {count:,}개에서 가장 닮은 것을 찾고 있어요…",
    "neighbours_right": "{model} 모델의 답대로 라벨이 {answer}인 것: {count}개 중 {answered}개.",
    "neighbours_wrong": "{model} 모델의 답대로 라벨이 {answer}인 것: {count}개 중 {answered}개. "
    "실제대로 라벨이 {label}인 것: {count}개 중 {right}개.",
    "neighbours_dashed": "점선 테두리: 라벨이 테스트 숫자와 다른 것이에요.",
    "neighbours_hidden": "{model} 모델은 마지막 은닉층만 보고 답을 정해요. 그 층의 값이 거의 "
    "같으면 닮은 것이에요 (코사인 거리). 찾은 범위: 학습 숫자 {total:,}개 중 처음 {searched:,}개.",
    "neighbours_pixels": "{model} 모델은 은닉층이 없어서 픽셀을 그대로 비교해요 (코사인 거리). "
    "찾은 범위: 학습 숫자 {total:,}개 중 처음 {searched:,}개.",
    "neighbour_alt": "학습 숫자 {index}번, 라벨 {label}, 코사인 유사도 {cosine:.3f}",
    # The map
    "map_title": "지도",
    "map_hint": "신경망이 닮았다고 보는 것끼리 모여요",
    "map_help": "점 하나가 테스트 숫자 하나예요. 신경망이 보기에 닮은 숫자끼리 가까이 있어요. "
    "신경망이 답을 정할 때 보는 마지막 은닉층의 값(활성값)이 거의 같은 것들이에요. t-SNE라는 "
    "방법으로 자리를 잡았어요. 무리 사이의 거리와 방향에는 큰 뜻이 없어요.",
    "map_label": "테스트 숫자의 지도, 내용은 옆에 글로 설명되어 있어요",
    "map_keys": "끌어서 옮기고, 지도를 한 번 누른 뒤 휠로 확대하고, Shift 키를 누른 채 끌어서 점을 "
    "골라요. 키보드로는 화살표 키로 옮기고, +와 − 키로 확대하거나 축소하고, Home 키로 전체를 봐요. "
    "Page Down과 Page Up 키로 가운데에서 바깥쪽으로 점을 옮겨 다니고, Enter 키로 열어요.",
    "map_touch": "두 손가락으로 확대하고, 확대한 뒤에는 한 손가락으로 옮겨요. 점을 누르면 "
    "숫자가 보여요.",
    "map_which": "누구의 지도",
    "map_tools": "점 고르기",
    "map_zoom": "자세히 보기",
    "map_pad": "작은 그림판: 그린 숫자가 지도에 나타나요",
    "map_pad_help": "여기나 그리기 탭에서 숫자를 그리면 지도 어디에 놓이는지 보여요.",
    "map_clear": "지우기",
    "map_beside": "나란히 보기",
    "map_beside_title": "지도를 하나 더 옆에 두기: 한쪽에서 고른 점이 두 지도에서 모두 도드라져요",
    "map_lasso": "둘러싸서 고르기",
    "map_lasso_title": "점들을 선으로 둘러싸면 갤러리에 그 숫자들만 보여요",
    "map_in_view": "보이는 것만 고르기",
    "map_in_view_title": "지금 보이는 점의 숫자들만 갤러리에 보여요",
    "map_in": "확대",
    "map_out": "축소",
    "map_whole": "지도 전체",
    "map_ring": "틀린 것",
    "map_point_right": "테스트 숫자 {{index}}번: 라벨 {{label}}, 답 {{answer}}, 맞힘.",
    "map_point_wrong": "테스트 숫자 {{index}}번: 라벨 {{label}}, 답 {{answer}}, 틀림.",
    "map_nothing_here": "여기에는 점이 없어요.",
    "map_place": "보이는 점 {{count}}개 중 {{at}}번째.",
    "map_chosen": "숫자 {{count}}개를 아래에 보여 줘요. 거기서 “모두 보기”를 누르면 다시 "
    "모두 보여요.",
    "map_open": "자세히 보기",
    "map_pixels": "픽셀",
    "map_wait": "{name}: 테스트 숫자를 모두 읽고 있어요. 몇 초 뒤에 지도가 나와요.",
    "map_drawing_on": "{name}: 아직은 주성분 두 개(PCA)로 그린 대강의 지도예요. t-SNE로 다시 "
    "그리고 있어요.",
    "map_rough": "{name}, 대강의 지도.",
    "map_too_few": "숫자가 너무 적어서 지도를 그릴 수 없어요.",
    "map_by_logits": "{name} 모델은 은닉층이 없어서, 소프트맥스 전의 출력인 로짓 열 개로 자리를 "
    "잡았어요.",
    "map_by_pixels": "신경망 없이 픽셀 784개만 보고 자리를 잡은 점들이에요.",
    "map_seen": "{name} 지도에서 한 점에 가장 가까운 점 열 개 중 {share:.1%}는 라벨이 같아요. 라벨 "
    "{best}의 점이 {best_share:.1%}로 가장 높고, 라벨 {worst}의 점이 {worst_share:.1%}로 가장 "
    "낮아요.",
    "map_pairs": "서로 가장 많이 섞인 라벨: {pairs}.",
    "map_rings": "고리가 있는 점은 틀린 것이고, {count:,}개예요.",
    "map_no_rings": "고리가 있는 점, 곧 틀린 것은 없어요.",
    "map_counted": "{label} ({count}개)",
    "map_among": "틀 안의 그림이 지금 그린 것이고, 가장 닮은 숫자들 사이에 있어요. 그 숫자들의 "
    "라벨: {labels}.",
    "map_placing": "그림의 자리를 찾고 있어요. 처음에는 몇 초 걸려요.",
    "filter_region": "지도에서 고른 숫자",
    # API
    "api_picture": "숫자 하나가 담긴 PNG 또는 JPEG 그림",
    "api_model": "기본으로 제공되는 모델의 이름",
    "api_answer": "가장 그럴듯한 숫자와 숫자별 확률",
    "api_number": "읽은 수와 그 확률, 그리고 각 숫자",
    "api_strokes": "펜의 획: 점 [x, y]의 목록",
    "api_one_source": "그림과 획 중 하나만 보내 주세요.",
    "api_no_picture": "숫자 하나가 담긴 PNG 또는 JPEG 파일을 보내 주세요.",
    "api_spent_steps": "이 서버에서 API로는 한 번에 {steps:,}스텝까지 학습할 수 있어요. "
    "에포크를 줄이면 그 안에 끝나요.",
    "api_spent_time": "이 서버에서 API로는 한 번에 {time}까지 학습할 수 있어요. "
    "에포크를 줄이면 그 안에 끝나요.",
    "api_bad_picture": "이 파일은 읽을 수 있는 그림이 아니에요. PNG 또는 JPEG 파일을 보내 주세요.",
}
