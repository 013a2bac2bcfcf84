{{ stage('custom', 'user_history') }}
